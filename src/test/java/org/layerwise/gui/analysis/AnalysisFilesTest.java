package org.layerwise.gui.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.gui.ChosenFiles;
import org.layerwise.gui.Desk;
import org.layerwise.gui.TinyLab;
import org.layerwise.gui.session.AnalysisEntry;
import org.layerwise.gui.session.LayerLock;
import org.layerwise.gui.session.SelectionViewModel;
import org.layerwise.gui.session.StudySession;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.AnalysisFolder;

class AnalysisFilesTest {

    @TempDir
    static Path home;

    @TempDir
    Path folder;

    private final TinyLab lab = new TinyLab(home);
    private final Desk desk = new Desk();
    private final ChosenFiles chosen = new ChosenFiles();
    private final StudySession session = new StudySession();
    private final SelectionViewModel selection = lab.selection(session);
    private final AnalysisFiles files = new AnalysisFiles(session, desk, chosen, desk);
    private Analysis analysis;

    @BeforeEach
    void analyze() {
        analysis = lab.analyze(lab.open("sample"), DataSettings.of("sample:definitions"), AnalysisSettings.defaults());
    }

    @Test
    void whatWasSavedIsOpenedWithoutItsModelAndSelectedFrom() {
        AnalysisFolder.write(analysis, folder.resolve("saved"));
        files.open(folder.resolve("saved").resolve("analysis.json"));
        assertThat(session.analyses()).as("read by a task").isEmpty();
        desk.work();
        AnalysisEntry entry = session.analysisProperty().get();
        assertThat(entry.analysis().importance()).isEqualTo(analysis.importance());
        assertThat(selection.selectionProperty().get().layers())
                .isEqualTo(analysis.proposed().layers());
        selection.toggle(1);
        var byHand = selection.selectionProperty().get().layers();
        session.modelProperty().set(lab.open("sample"));
        assertThat(selection.selectionProperty().get().layers())
                .as("its model keeps what was selected by it")
                .isEqualTo(byHand);
        assertThat(selection.countsProperty().get()).isNotNull();
    }

    @Test
    void anAnalysisIsOpenedOnce() {
        AnalysisFolder.write(analysis, folder.resolve("saved"));
        chosen.choose(folder.resolve("saved"));
        files.open();
        desk.work();
        session.add(analysis, null);
        session.analysisProperty().set(session.analyses().get(1));
        files.open();
        desk.work();
        assertThat(session.analyses()).hasSize(2);
        assertThat(session.analysisProperty().get().number()).isEqualTo(1);
    }

    @Test
    void savingNeverWritesOverAnything() {
        session.analysisProperty().set(session.add(analysis, null));
        chosen.choose(folder);
        files.save();
        desk.work();
        files.save();
        desk.work();
        assertThat(desk.problems()).isEmpty();
        assertThat(folder).isDirectoryContaining("glob:**/bge-small-en-v1.5-definitions");
        assertThat(folder).isDirectoryContaining("glob:**/bge-small-en-v1.5-definitions-2");
        assertThat(session.analysisProperty().get().folder().getFileName().toString())
                .endsWith("-2");
        assertThat(session.analyses())
                .singleElement()
                .isEqualTo(session.analysisProperty().get());
        files.close();
        assertThat(desk.questions()).as("it is saved").isEmpty();
        assertThat(session.analyses()).isEmpty();
    }

    @Test
    void closingAsksBeforeAnythingIsLost() {
        session.add(analysis, folder);
        session.analysisProperty().set(session.add(analysis, null));
        desk.agrees = false;
        files.close();
        assertThat(session.analyses()).hasSize(2);
        desk.agrees = true;
        files.close();
        assertThat(desk.questions()).hasSize(2).allMatch(asked -> asked.startsWith("Analysis 2 is not saved"));
        assertThat(session.analysisProperty().get().number()).isEqualTo(1);
        files.close();
        assertThat(session.analysisProperty().get()).isNull();
        assertThat(selection.selectionProperty().get()).isNull();
    }

    @Test
    void whatIsNoAnalysisSaysSo() throws Exception {
        Files.writeString(folder.resolve("analysis.json"), "{}");
        assertThat(AnalysisFiles.isAnalysis(folder)).isTrue();
        assertThat(AnalysisFiles.isAnalysis(folder.resolve("analysis.json"))).isTrue();
        assertThat(AnalysisFiles.isAnalysis(folder.resolve("model"))).isFalse();
        files.open(folder);
        desk.work();
        assertThat(desk.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.title()).isEqualTo("The analysis could not be opened");
            assertThat(problem.sentence()).contains("analysis.json").endsWith(".");
            assertThat(problem.details()).isNull();
        });
    }

    @Test
    void anAnalysisOfAnotherModelStartsASelectionOfItsOwn() {
        session.modelProperty().set(lab.open("sample"));
        session.analysisProperty().set(session.add(analysis, null));
        selection.setLock(11, LayerLock.ALWAYS);
        Analysis larger = lab.analyze(
                lab.open("llama"), DataSettings.of(lab.table("d.csv", 40).toString()), AnalysisSettings.defaults());
        assertThat(larger.layers()).isNotEqualTo(analysis.layers());
        session.analysisProperty().set(session.add(larger, null));
        assertThat(selection.selectionProperty().get().layers())
                .isEqualTo(larger.proposed().layers());
        assertThat(selection.selectionProperty().get().reason().locks().always())
                .isEmpty();
        assertThat(session.history().undoableProperty().get()).isEmpty();
        assertThat(selection.countsProperty().get()).as("not the open model's").isNull();
    }
}
