package org.layerwise.gui.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.analysis.similarity.RbfCka;
import org.layerwise.base.file.Folders;
import org.layerwise.gui.ChosenFiles;
import org.layerwise.gui.Desk;
import org.layerwise.gui.RememberedExports;
import org.layerwise.gui.TinyLab;
import org.layerwise.gui.model.RememberedFolders;
import org.layerwise.gui.run.NotedRuns;
import org.layerwise.gui.session.ExperimentEntry;
import org.layerwise.gui.session.LayerLock;
import org.layerwise.gui.session.StudySession;
import org.layerwise.gui.study.NotedStudies;
import org.layerwise.gui.study.NotedWindows;
import org.layerwise.run.ModelIdentity;
import org.layerwise.run.Provenance;
import org.layerwise.settings.DataSettings;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.AnalysisFolder;
import org.layerwise.study.document.NamedSelection;
import org.layerwise.study.document.StudyDocument;
import org.layerwise.study.document.StudyFile;
import org.layerwise.testing.TinyModels;

/** A study is saved and opened again with all that it holds; nothing is lost without a question. */
class StudyTest {

    @TempDir
    Path folder;

    @TempDir
    static Path home;

    private final TinyLab lab = new TinyLab(home);
    private final NotedStudies recent = new NotedStudies();
    private final NotedWindows windows = new NotedWindows();

    /** A window without a toolkit. */
    private final class Window {

        private final Desk desk = new Desk();
        private final ChosenFiles files = new ChosenFiles();
        private final ViewModels models = ViewModels.of(
                new ViewModels.World(
                        lab.workbench(),
                        lab::clusters,
                        desk,
                        desk,
                        files,
                        desk,
                        new RememberedFolders(),
                        recent,
                        new NotedRuns(),
                        new RememberedExports(),
                        windows,
                        new DefaultFolders(folder.resolve("runs"), folder.resolve("recovery")),
                        Clock.systemUTC(),
                        address -> {}),
                () -> false);

        Window analyzed() {
            models.model().open("sample");
            desk.work();
            models.data().open(DataSettings.DEFINITIONS, models.analysis()::analyze);
            desk.work();
            return this;
        }

        Window open(Path study) {
            models.study().open(study);
            desk.work();
            return this;
        }

        void save(Path study) {
            files.choose(study);
            models.study().save();
            desk.work();
        }

        boolean modified() {
            return models.study().modifiedProperty().get();
        }
    }

    @Test
    void allThatIsHeldIsFoundAgain() {
        Window first = new Window().analyzed();
        ViewModels held = first.models;
        held.analysis().form().ask(RbfCka.MEASURE, true);
        held.selection().setLock(3, LayerLock.ALWAYS);
        held.selection().toggle(1);
        held.training().form().adapter().rank().set(32);
        held.training().form().adapter().targetModules().set(List.of("query"));
        held.training().form().optimiser().batch().set(4);
        held.session()
                .kept()
                .add(new NamedSelection(
                        "mine", held.selection().selectionProperty().get()));
        assertThat(first.modified()).isTrue();
        Path study = folder.resolve("own.layerwise");
        first.save(study);
        assertThat(first.modified()).isFalse();
        assertThat(first.desk.notices()).contains("Study saved");
        assertThat(StudyFile.files(study).resolve("analyses/1-bge-small-en-v1.5-definitions/heatmap.png"))
                .exists();
        assertThat(recent.recentStudies()).containsExactly(study);

        Window second = new Window().open(study);
        ViewModels found = second.models;
        assertThat(second.desk.problems()).isEmpty();
        assertThat(second.modified()).isFalse();
        assertThat(found.session().modelProperty().get().card().name()).isEqualTo("bge-small-en-v1.5");
        assertThat(found.session().dataProperty().get().settings().data()).isEqualTo(DataSettings.DEFINITIONS);
        assertThat(found.session().analyses()).hasSize(1);
        assertThat(found.analysis().matrixProperty().get())
                .isEqualTo(held.analysis().matrixProperty().get());
        assertThat(found.analysis().form().settings())
                .isEqualTo(held.analysis().form().settings());
        assertThat(found.selection().selectionProperty().get())
                .isEqualTo(held.selection().selectionProperty().get());
        assertThat(found.training().form().settings(null))
                .isEqualTo(held.training().form().settings(null));
        assertThat(found.training().form().optimiser().batch().get()).isEqualTo(4);
        assertThat(found.session().kept()).isEqualTo(held.session().kept());
        assertThat(found.session().history().undoableProperty().get())
                .as("opening is nothing to take back")
                .isEmpty();
    }

    @Test
    void whatIsSelectedWhileTheModelOfAStudyIsOpenedStays() {
        Path study = folder.resolve("own.layerwise");
        new Window().analyzed().save(study);
        Window window = new Window();
        window.models.study().open(study);
        while (window.models.session().analyses().isEmpty()) {
            window.desk.workOnce();
        }
        assertThat(window.models.session().modelProperty().get()).isNull();

        window.models.selection().toggle(3);
        window.desk.work();

        assertThat(window.models.session().modelProperty().get()).isNotNull();
        assertThat(window.models.selection().selectionProperty().get().layers()).contains(3);
        window.models.session().history().undo();
        assertThat(window.models.selection().selectionProperty().get())
                .isEqualTo(StudyFile.read(study).selection());
    }

    @Test
    void aStudyThatTheEndingNamesIsNotReplacedUnasked() throws IOException {
        Path there = Files.writeString(folder.resolve("own.layerwise"), "mine");
        Window window = new Window().analyzed();
        window.desk.agrees = false;

        window.save(folder.resolve("own"));
        assertThat(there).hasContent("mine");
        assertThat(window.desk.questions()).singleElement().asString().contains(there.toString());
        assertThat(window.modified()).isTrue();

        window.save(folder.resolve("new"));
        assertThat(window.modified()).isFalse();
        assertThat(StudyFile.read(folder.resolve("new.layerwise")).analyses()).hasSize(1);
    }

    @Test
    void settingsAndSelectionsAreTakenBackInOneOrder() {
        ViewModels models = new Window().analyzed().models;
        int rank = models.training().form().adapter().rank().get();
        models.selection().toggle(3);
        models.training().form().adapter().rank().set(64);
        assertThat(models.session().history().undoableProperty().get()).isEqualTo("Rank");
        models.session().history().undo();
        assertThat(models.training().form().adapter().rank().get()).isEqualTo(rank);
        models.session().history().undo();
        assertThat(models.selection().selectionProperty().get().layers()).doesNotContain(3);
        models.session().history().redo();
        assertThat(models.selection().selectionProperty().get().layers()).contains(3);
    }

    @Test
    void nothingIsDoneWithRowsThatWereReadOtherwiseThanIsShown() {
        Window window = new Window().analyzed();
        ViewModels models = window.models;
        assertThat(models.training().ready().get()).isTrue();
        models.data().maxLengthProperty().set(32);

        models.training().train();
        models.analysis().analyze();
        window.desk.work();

        String sentence = "The settings of the data were changed, and the rows were not read with them";
        assertThat(models.training().mistakeProperty().get()).startsWith(sentence);
        assertThat(models.session().runs()).isEmpty();
        assertThat(models.session().analyses()).hasSize(1);
        assertThat(models.analysis().problemProperty().get().sentence()).startsWith(sentence);

        models.data().apply();
        window.desk.work();
        models.training().train();
        models.analysis().analyze();
        window.desk.work();

        assertThat(models.session().runs()).hasSize(1);
        assertThat(models.session().analyses()).hasSize(2);
        models.data().maxLengthProperty().set(64);
        models.data().maxLengthProperty().set(32);
        assertThat(models.training().ready().get()).isTrue();
    }

    @Test
    void experimentsAreFoundAgainOrStayInTheStudy() throws IOException {
        Path experiment = Files.createDirectories(folder.resolve("experiment"));
        Path settings = experiment.resolve("experiment.yaml");
        Files.writeString(settings, "arms: all,last\nlrs: 0.001\nseeds: 4\n");
        Window first = new Window();
        first.models.experiment().open(experiment);
        first.desk.work();
        assertThat(first.desk.problems()).isEmpty();
        assertThat(first.models.session().history().undoableProperty().get()).isEqualTo("settings of the experiment");
        Path study = folder.resolve("own.layerwise");
        first.save(study);

        Window second = new Window().open(study);
        assertThat(second.desk.problems()).isEmpty();
        assertThat(second.modified()).isFalse();
        ExperimentEntry found = second.models.session().experimentProperty().get();
        assertThat(found.folder()).isEqualTo(experiment);
        assertThat(found.stateProperty().get()).isEqualTo(ExperimentEntry.State.STOPPED);
        second.models.session().remove(found);
        assertThat(second.modified()).isTrue();

        Files.delete(settings);
        Window third = new Window().open(study);
        assertThat(third.desk.problems()).hasSize(1);
        assertThat(third.desk.problems().get(0).sentence()).contains("has no experiment.yaml");
        assertThat(third.models.session().experiments()).isEmpty();
        third.models.training().form().adapter().rank().set(32);
        third.save(study);
        assertThat(StudyFile.read(study).experiments()).containsExactly(experiment);
    }

    @Test
    void dataThatWasReadOtherwiseIsReadBack() {
        Window window = new Window().analyzed();
        ViewModels models = window.models;
        models.data().samplesProperty().set(17);
        models.data().apply();
        window.desk.work();
        assertThat(models.session().dataProperty().get().settings().samples()).isEqualTo(17);
        models.session().history().undo();
        window.desk.work();
        assertThat(models.session().dataProperty().get().settings().samples()).isNull();
        models.session().history().redo();
        window.desk.work();
        assertThat(models.session().dataProperty().get().settings().samples()).isEqualTo(17);
    }

    /** Its settings are all that could be opened, and they may have changed. */
    @Test
    void aStudyOfWhichNothingIsThereKeepsItsWindow() throws IOException {
        Path model = TinyModels.encoder(folder.resolve("models/own"));
        Path study = folder.resolve("own.layerwise");
        Window first = new Window();
        first.models.model().open(model);
        first.desk.work();
        first.save(study);
        Path other = Files.copy(study, folder.resolve("other.layerwise"));
        Folders.delete(model);

        Window window = new Window();
        window.desk.way = 1;
        window.open(study);
        window.models.training().form().adapter().rank().set(77);
        window.open(other);
        window.models.study().begin();

        assertThat(windows.opened()).containsExactly(other.toString(), "new");
        assertThat(window.models.study().fileProperty().get()).isEqualTo(study);
        assertThat(window.models.training().form().adapter().rank().get()).isEqualTo(77);
        assertThat(window.modified()).isTrue();
    }

    @Test
    void aMovedModelIsAskedFor() throws IOException {
        Path model = TinyModels.encoder(folder.resolve("models/own"));
        Window first = new Window();
        first.models.model().open(model);
        first.desk.work();
        first.models.data().open(DataSettings.DEFINITIONS, first.models.analysis()::analyze);
        first.desk.work();
        Path study = folder.resolve("studies/own.layerwise");
        first.save(study);
        Path moved = folder.resolve("elsewhere");
        Files.move(model, moved);

        Window asked = new Window();
        asked.desk.way = 0;
        asked.files.choose(moved);
        asked.open(study);
        assertThat(asked.desk.questions()).singleElement().asString().contains(model.toString());
        assertThat(asked.models.session().modelProperty().get()).isNotNull();
        assertThat(asked.modified()).as("the study names another folder now").isTrue();

        Window without = new Window();
        without.desk.way = 1;
        without.open(study);
        assertThat(without.models.session().modelProperty().get()).isNull();
        assertThat(without.models.session().analyses()).hasSize(1);
        assertThat(without.modified()).isFalse();
        without.save(study);
        assertThat(StudyFile.read(study).settings().model().model()).isEqualTo(model.toString());

        Window thought = new Window();
        thought.desk.way = null;
        thought.open(study);
        assertThat(thought.models.study().fileProperty().get()).isNull();
        assertThat(thought.models.study().blank()).isTrue();
    }

    @Test
    void whatIsMissingStaysNamed() throws IOException {
        Path study = folder.resolve("own.layerwise");
        new Window().analyzed().save(study);
        Path analysis = StudyFile.read(study).analyses().get(0).folder();
        Files.move(analysis, folder.resolve("away"));
        Window window = new Window().open(study);
        assertThat(window.desk.problems()).singleElement().satisfies(problem -> assertThat(problem.sentence())
                .contains(AnalysisFolder.FILE));
        assertThat(window.models.session().analyses()).isEmpty();
        window.models.training().form().adapter().rank().set(4);
        window.save(study);
        assertThat(StudyFile.read(study).analyses().get(0).folder()).isEqualTo(analysis);
    }

    @Test
    void openingThatIsStoppedLosesNothingEither() throws IOException {
        Path study = folder.resolve("own.layerwise");
        new Window().analyzed().save(study);
        Window window = new Window();
        window.models.study().open(study);
        window.desk.workOnce(); // the file is read, its parts are not
        window.desk.stopAll();
        window.desk.work();
        assertThat(window.models.session().analyses()).isEmpty();
        window.models.training().form().adapter().rank().set(4);
        window.save(study);
        assertThat(StudyFile.read(study).analyses()).hasSize(1);
        assertThat(StudyFile.read(study).settings().training().adapter().rank()).isEqualTo(4);
    }

    @Test
    void savingWhileItIsOpenedLosesNothing() {
        Path study = folder.resolve("own.layerwise");
        new Window().analyzed().save(study);
        StudyDocument whole = StudyFile.read(study);
        Window window = new Window();
        window.models.study().open(study);
        window.desk.workOnce(); // the file is read, its parts are not
        window.models.study().save();
        window.desk.work();

        assertThat(StudyFile.read(study).analyses()).isEqualTo(whole.analyses());
        assertThat(StudyFile.read(study).selection()).isEqualTo(whole.selection());
        assertThat(window.models.session().analyses()).hasSize(1);
        assertThat(window.modified()).isFalse();
    }

    /** The folder is on a disk that is not there, say: a new analysis takes neither its number nor its place. */
    @Test
    void anAnalysisThatIsAwayKeepsItsNumber() throws IOException {
        Path study = folder.resolve("own.layerwise");
        new Window().analyzed().save(study);
        Path analysis = StudyFile.read(study).analyses().get(0).folder();
        Path away = Files.move(analysis, folder.resolve("away"));
        Window window = new Window().open(study);
        assertThat(window.models.session().analyses()).isEmpty();
        window.analyzed().save(study);

        assertThat(analysis).doesNotExist();
        assertThat(StudyFile.read(study).analyses())
                .extracting(StudyDocument.AnalysisPart::number)
                .containsExactly(1, 2);
        Files.move(away, analysis);
        assertThat(new Window().open(study).models.session().analyses()).hasSize(2);
    }

    @Test
    void aCrashLosesNothing() {
        Window crashed = new Window().analyzed();
        crashed.models.selection().toggle(3);
        crashed.desk.work();
        crashed.models.study().close(); // frees the lock as the end of the process does

        Window next = new Window();
        next.models.recovery().look();
        next.desk.work();
        assertThat(next.models.recovery().offeredProperty().get()).isNotNull();
        next.models.recovery().recover();
        next.desk.work();
        assertThat(next.desk.problems()).isEmpty();
        assertThat(next.models.session().analyses()).hasSize(1);
        assertThat(next.models.session().analyses().get(0).folder())
                .as("saved nowhere yet")
                .isNull();
        assertThat(next.models.selection().selectionProperty().get().layers()).contains(3);
        assertThat(next.modified()).isTrue();
        assertThat(next.models.recovery().offeredProperty().get()).isNull();

        next.save(folder.resolve("saved.layerwise"));
        assertThat(next.modified()).isFalse();
        next.models.study().close();
        Window last = new Window();
        last.models.recovery().look();
        last.desk.work();
        assertThat(last.models.recovery().offeredProperty().get()).isNull();
        assertThat(new Window()
                        .open(folder.resolve("saved.layerwise"))
                        .models
                        .session()
                        .analyses())
                .hasSize(1);
    }

    /** Its analyses were not read, and the copy that a crash left is the only place where they are. */
    @Test
    void aRecoveredStudyThatIsStoppedIsSavedWithItsAnalyses() {
        new Window().analyzed().models.study().close();
        Window window = new Window();
        stopRecovery(window);
        assertThat(window.models.session().analyses()).isEmpty();
        Path study = folder.resolve("saved.layerwise");
        window.save(study);
        assertThat(window.modified()).isFalse();
        window.save(study);
        window.models.study().close();

        assertThat(folder.resolve("recovery")).isEmptyDirectory();
        assertThat(StudyFile.read(study).analyses()).singleElement().satisfies(part -> assertThat(part.folder())
                .hasParent(StudyFile.files(study).resolve("analyses"))
                .hasFileName("1-bge-small-en-v1.5-definitions"));
        assertThat(new Window().open(study).models.session().analyses()).hasSize(1);
    }

    @Test
    void aWindowThatIsClosedWhileItRecoversLosesNothing() {
        new Window().analyzed().models.study().close();
        Window window = new Window();
        recover(window);
        window.desk.workOnce(); // the study is read, its parts are not
        assertThat(left(window, null)).isEqualTo(1);
        window.models.study().close();

        Window next = new Window();
        recover(next);
        next.desk.work();
        assertThat(next.models.session().analyses()).hasSize(1);
    }

    @Test
    void recoveringThatIsStoppedAtOnceLeavesTheCopy() {
        new Window().analyzed().models.study().close();
        Window window = new Window();
        recover(window);
        window.desk.stopAll();
        window.desk.work();
        assertThat(window.models.study().blank()).isTrue();

        Window next = new Window();
        recover(next);
        next.desk.work();
        assertThat(next.models.session().analyses()).hasSize(1);
    }

    private static void stopRecovery(Window window) {
        recover(window);
        window.desk.workOnce(); // the study is read, its parts are not
        window.desk.stopAll();
        window.desk.work();
    }

    /** Up to where the study is about to be read. */
    private static void recover(Window window) {
        window.models.recovery().look();
        window.desk.work();
        window.models.recovery().recover();
        window.desk.workOnce();
    }

    /** Nor does a copy that a crash left replace what was saved after the crash, or while the study was open here and there. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRecoveredStudyReplacesNothingThatWasSavedLater(boolean meanwhile) {
        Path study = folder.resolve("own.layerwise");
        Window crashed = new Window().analyzed();
        crashed.save(study);
        crashed.models.training().form().adapter().rank().set(7);
        crashed.desk.work();
        crashed.models.study().close();
        if (meanwhile) {
            Window other = new Window().open(study);
            other.models.training().form().adapter().rank().set(4);
            other.models.study().save();
            other.desk.work();
        }

        Window next = new Window();
        next.models.recovery().look();
        next.desk.work();
        next.models.recovery().recover();
        next.desk.work();
        next.desk.way = null;
        next.models.study().save();
        next.desk.work();

        assertThat(next.desk.questions()).hasSize(meanwhile ? 1 : 0);
        assertThat(StudyFile.read(study).settings().training().adapter().rank()).isEqualTo(meanwhile ? 4 : 7);
        assertThat(next.modified()).isEqualTo(meanwhile);
    }

    @Test
    void whatACrashLeftIsRecoveredBesideWhatIsOpen() {
        new Window().analyzed().models.study().close();
        Window busy = new Window().analyzed();
        busy.models.recovery().look();
        busy.desk.work();
        busy.models.recovery().recover();
        busy.desk.work();
        assertThat(windows.opened()).containsExactly("recovered");
        assertThat(busy.models.session().analyses()).hasSize(1);
    }

    @Test
    void anAnalysisOfAnotherModelOfTheSameNameIsNotLookedAt() throws IOException {
        Path one = TinyModels.encoder(folder.resolve("one/final"));
        Path other = TinyModels.encoder(folder.resolve("other/final"));
        Window window = new Window();
        StudySession session = window.models.session();
        window.models.model().open(one.toString());
        window.desk.work();
        window.models.data().open(DataSettings.DEFINITIONS, window.models.analysis()::analyze);
        window.desk.work();
        Analysis made = session.analyses().get(0).analysis();
        Analysis named = new Analysis(
                made.model(),
                made.kind(),
                made.kinds(),
                made.data(),
                made.task(),
                made.position(),
                made.samples(),
                made.cutRows(),
                made.results(),
                made.grams(),
                made.settings(),
                made.rows(),
                new Provenance(
                        one.toString(), ModelIdentity.UNKNOWN, null, null, null, Map.of(), "2026-01-01T00:00:00Z", 1),
                made.remarks(),
                made.expertLoad());
        session.analysisProperty().set(session.add(named, null));

        window.models.model().open(one.toString());
        window.desk.work();
        assertThat(session.analysisProperty().get().analysis()).isEqualTo(named);
        window.models.model().open(other.toString());
        window.desk.work();
        assertThat(session.analysisProperty().get()).isNull();
    }

    @Test
    void whatAnotherProgramSavedIsNotReplacedWithoutAQuestion() {
        Path study = folder.resolve("own.layerwise");
        Window first = new Window().analyzed();
        first.save(study);
        Window second = new Window().open(study);
        second.models.training().form().adapter().rank().set(4);
        second.models.study().save();
        second.desk.work();
        assertThat(second.desk.questions()).isEmpty();

        first.models.training().form().adapter().rank().set(5);
        first.desk.way = null;
        first.models.study().save();
        first.desk.work();
        assertThat(first.desk.questions()).singleElement().asString().contains("by another program");
        assertThat(StudyFile.read(study).settings().training().adapter().rank()).isEqualTo(4);
        assertThat(first.modified()).isTrue();

        first.desk.way = 0;
        first.files.choose(folder.resolve("mine.layerwise"));
        first.models.study().save();
        first.desk.work();
        assertThat(StudyFile.read(study).settings().training().adapter().rank()).isEqualTo(4);
        assertThat(StudyFile.read(folder.resolve("mine.layerwise"))
                        .settings()
                        .training()
                        .adapter()
                        .rank())
                .isEqualTo(5);

        Window third = new Window().open(study);
        second.models.training().form().adapter().rank().set(6);
        second.models.study().save();
        second.desk.work();
        third.models.training().form().adapter().rank().set(7);
        third.desk.way = 1;
        third.models.study().save();
        third.desk.work();
        assertThat(StudyFile.read(study).settings().training().adapter().rank()).isEqualTo(7);
        third.models.training().form().adapter().rank().set(8);
        third.models.study().save();
        third.desk.work();
        assertThat(third.desk.questions())
                .as("its own saving is no other program's")
                .hasSize(1);
    }

    @Test
    void aStudyThatIsSavedElsewhereTakesItsAnalysesAlong() throws IOException {
        Path study = folder.resolve("one/own.layerwise");
        Window window = new Window().analyzed();
        window.save(study);
        window.files.choose(folder.resolve("two/copy.layerwise"));
        window.models.study().saveAs();
        window.desk.work();
        Files.move(folder.resolve("one"), folder.resolve("gone"));
        Window copy = new Window().open(folder.resolve("two/copy.layerwise"));
        assertThat(copy.desk.problems()).isEmpty();
        assertThat(copy.models.session().analyses()).hasSize(1);
    }

    /** What was analyzed must not be lost because folders are called after it. */
    @ParameterizedTest
    @ValueSource(strings = {"x", "数"})
    void anAnalysisOfDataWithALongNameIsSaved(String letter) {
        Window window = new Window();
        window.models.model().open("sample");
        window.desk.work();
        String data = letter.repeat(240 / letter.getBytes(StandardCharsets.UTF_8).length);
        window.models.data().open(lab.table(data + ".csv", 64).toString(), window.models.analysis()::analyze);
        window.desk.work();
        window.save(folder.resolve("own.layerwise"));
        assertThat(window.desk.problems()).isEmpty();
        assertThat(StudyFile.read(folder.resolve("own.layerwise"))
                        .analyses()
                        .get(0)
                        .folder())
                .isDirectory();

        window.models.training().train();
        window.desk.work();
        assertThat(window.models.session().runs().get(0).name()).hasSizeLessThan(200);
    }

    /** It is in memory still, and nowhere else. */
    @ParameterizedTest
    @ValueSource(strings = {"own", "copy"})
    void anAnalysisWhoseFolderIsGoneIsWrittenAnew(String name) throws IOException {
        Window window = new Window().analyzed();
        window.save(folder.resolve("own.layerwise"));
        Files.move(StudyFile.files(folder.resolve("own.layerwise")), folder.resolve("gone"));
        window.files.choose(folder.resolve(name + ".layerwise"));
        window.models.study().saveAs();
        window.desk.work();

        Window again = new Window().open(folder.resolve(name + ".layerwise"));
        assertThat(again.desk.problems()).isEmpty();
        assertThat(again.models.session().analyses()).singleElement().satisfies(found -> assertThat(
                        found.analysis().importance())
                .isEqualTo(window.models.session().analyses().get(0).analysis().importance()));
    }

    /** Other studies may name the folder of an analysis that was closed, and give its number to another one. */
    @Test
    void aNewAnalysisDoesNotReplaceAnEarlierOne() throws IOException {
        Path study = folder.resolve("own.layerwise");
        Window window = new Window().analyzed().analyzed();
        window.save(study);
        Path earlier = StudyFile.read(study).analyses().get(1).folder();
        byte[] written = Files.readAllBytes(earlier.resolve(AnalysisFolder.FILE));
        window.models.session().close(window.models.session().analyses().get(1));
        window.save(study);

        Window again = new Window().open(study);
        again.models.data().samplesProperty().set(17);
        again.models.data().apply();
        again.desk.work();
        again.models.analysis().analyze();
        again.desk.work();
        again.save(study);

        assertThat(again.desk.problems()).isEmpty();
        StudyDocument.AnalysisPart second = StudyFile.read(study).analyses().get(1);
        assertThat(second.number()).isEqualTo(2);
        assertThat(second.folder()).isNotEqualTo(earlier).isDirectory();
        assertThat(earlier.resolve(AnalysisFolder.FILE)).hasBinaryContent(written);
    }

    @Test
    void aStudyThatIsSavedElsewhereReplacesNoFolder() throws IOException {
        Window window = new Window().analyzed();
        window.save(folder.resolve("one/own.layerwise"));
        Path study = folder.resolve("two/copy.layerwise");
        Path notes = StudyFile.files(study).resolve("analyses/1-bge-small-en-v1.5-definitions/notes.txt");
        Files.createDirectories(notes.getParent());
        Files.writeString(notes, "mine");
        window.files.choose(study);
        window.models.study().saveAs();
        window.desk.work();

        assertThat(window.desk.problems()).isEmpty();
        assertThat(notes).hasContent("mine");
        assertThat(StudyFile.read(study).analyses().get(0).folder())
                .isEqualTo(notes.resolveSibling("").resolveSibling("1-bge-small-en-v1.5-definitions-2"))
                .isDirectory();
    }

    @Test
    void whatIsNoStudyOpensNoWindow() throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.layerwise"), "{");
        Window window = new Window().analyzed().open(broken);
        assertThat(windows.opened()).isEmpty();
        assertThat(window.desk.problems()).hasSize(1);
    }

    @Test
    void whatWouldBeLostIsKnown() {
        Window window = new Window();
        assertThat(window.models.study().unsavedProperty().get()).isFalse();
        window.analyzed();
        assertThat(window.models.study().unsavedProperty().get()).isTrue();
        window.save(folder.resolve("own.layerwise"));
        assertThat(window.models.study().unsavedProperty().get()).isFalse();
    }

    @Test
    void aCopyThatIsNotWantedIsDeleted() {
        new Window().analyzed().models.study().close();
        Window next = new Window();
        next.models.recovery().look();
        next.desk.work();
        next.desk.agrees = false;
        next.models.recovery().discard();
        next.desk.work();
        assertThat(next.models.recovery().offeredProperty().get()).isNotNull();
        next.desk.agrees = true;
        next.models.recovery().discard();
        next.desk.work();
        assertThat(next.models.recovery().offeredProperty().get()).isNull();
        assertThat(folder.resolve("recovery")).isEmptyDirectory();
    }

    @Test
    void closingAsksOnlyWhereSomethingWouldBeLost() {
        assertThat(left(new Window(), null)).as("nothing was done").isEqualTo(1);

        Window worked = new Window().analyzed();
        assertThat(left(worked, null)).as("thought better of it").isZero();
        assertThat(worked.desk.questions()).hasSize(1);
        assertThat(left(worked, 1)).as("not saved").isEqualTo(1);
        worked.models.study().close();
        assertThat(folder.resolve("recovery")).as("and not to be recovered").isEmptyDirectory();

        Window saved = new Window().analyzed();
        saved.files.choose(folder.resolve("kept.layerwise"));
        assertThat(left(saved, 0)).isEqualTo(1);
        assertThat(folder.resolve("kept.layerwise")).exists();
        saved.desk.questions().clear();
        assertThat(left(saved, null)).as("it is saved now").isEqualTo(1);
        assertThat(saved.desk.questions()).isEmpty();
    }

    private static int left(Window window, @Nullable Integer way) {
        AtomicInteger closed = new AtomicInteger();
        window.desk.way = way;
        window.models.study().leave(closed::incrementAndGet);
        window.desk.work();
        return closed.get();
    }

    @Test
    void anotherStudyOpensAnotherWindow() {
        Path study = folder.resolve("own.layerwise");
        Window first = new Window().analyzed();
        first.save(study);
        first.models.study().begin();
        first.open(study);
        assertThat(windows.opened()).containsExactly("new", study.toString());
        new Window().models.study().begin();
        assertThat(windows.opened()).as("a blank window is a new study").hasSize(2);
    }

    @Test
    void runsGoBesideTheStudyOnceItHasAFile() {
        Window window = new Window().analyzed();
        assertThat(window.models.study().runsFolder()).isEqualTo(folder.resolve("runs"));
        window.save(folder.resolve("own.layerwise"));
        assertThat(window.models.study().runsFolder()).isEqualTo(folder.resolve("own-files/runs"));
    }

    @Test
    void aFolderThatCannotBeWrittenIsTold() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        Window window = new Window().analyzed();
        window.save(file.resolve("own.layerwise"));
        assertThat(window.desk.problems()).singleElement().satisfies(problem -> assertThat(problem.sentence())
                .contains(file.toString()));
        assertThat(window.models.study().fileProperty().get()).isNull();
        assertThat(window.modified()).isTrue();
    }
}
