package org.layerwise.gui.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import javafx.beans.property.SimpleObjectProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.analysis.gradient.GradientScores;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.gui.ChosenFiles;
import org.layerwise.gui.Desk;
import org.layerwise.gui.TinyLab;
import org.layerwise.gui.common.Dialogs;
import org.layerwise.gui.selection.NamedSelections;
import org.layerwise.gui.selection.SelectionFiles;
import org.layerwise.lora.LoraVariant;
import org.layerwise.selection.LayerKind;
import org.layerwise.selection.LayerKinds;
import org.layerwise.selection.LayerLocks;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.SavedSelection;
import org.layerwise.selection.SelectedModules;
import org.layerwise.selection.SelectionFile;
import org.layerwise.selection.SelectionRule;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.MeasureResult;
import org.layerwise.study.model.OpenModel;
import org.layerwise.testing.Golden;
import org.layerwise.testing.TinyModels;

class SelectionViewModelTest {

    @TempDir
    static Path home;

    private final StudySession session = new StudySession();
    private final SimpleObjectProperty<Integer> rank = new SimpleObjectProperty<>(8);
    private final SimpleObjectProperty<List<String>> targets = new SimpleObjectProperty<>(List.of());
    private final SelectionViewModel selection = new SelectionViewModel(
            session,
            rank,
            targets,
            new SimpleObjectProperty<>(List.of()),
            new SimpleObjectProperty<>(LoraVariant.PLAIN));
    private final NamedSelections kept = new NamedSelections(session, selection);
    private final TinyLab lab = new TinyLab(home);
    private final OpenModel model = lab.open("sample");

    @BeforeEach
    void open() {
        session.modelProperty().set(model);
    }

    private void analyze() {
        session.analysisProperty()
                .set(new AnalysisEntry(
                        1,
                        lab.analyze(model, DataSettings.of("sample:definitions"), AnalysisSettings.defaults()),
                        null));
    }

    @Test
    void allLayersAreSelectedUntilAnAnalysisRanksThem() {
        assertThat(selected()).hasSize(12);
        analyze();
        assertThat(selected()).containsExactly(1, 2, 4, 5, 8, 11);
        assertThat(selection.selectionProperty().get().reason().rule()).isEqualTo(new SelectionRule.TopRatio(0.5));
    }

    @Test
    void theLastLayersNeedNoAnalysisAndFollowTheRatio() {
        selection.selectLast();
        assertThat(selected()).containsExactly(6, 7, 8, 9, 10, 11);
        assertThat(selection.selectsLast()).isTrue();
        selection.ratioProperty().set(0.25);
        assertThat(selected()).containsExactly(9, 10, 11);
        assertThat(selection.selectionProperty().get().reason().rule()).isEqualTo(SelectionRule.LastLayers.of(3, 12));
        analyze();
        assertThat(selected()).as("an analysis changes no choice").containsExactly(9, 10, 11);
        selection.selectByRatio();
        assertThat(selection.selectsLast()).isFalse();
        assertThat(selected()).hasSize(3).isNotEqualTo(new TreeSet<>(List.of(9, 10, 11)));
        session.history().undo();
        assertThat(selected()).as("undo of the rule alone").containsExactly(9, 10, 11);
    }

    @Test
    void theMeasureThatIsLookedAtSelects(@TempDir Path folder) {
        Analysis both = lab.analyze(
                model,
                DataSettings.of("sample:definitions"),
                AnalysisSettings.defaults().with(List.of(LinearCka.MEASURE, GradientScores.GRADIENT_NORM)));
        session.analysisProperty().set(new AnalysisEntry(1, both, null));
        assertThat(selected()).isEqualTo(both.proposed().layers());
        MeasureResult norm = both.result(GradientScores.GRADIENT_NORM).orElseThrow();
        session.resultProperty().set(norm);
        assertThat(selection.importanceProperty().get()).isEqualTo(norm.importance());
        assertThat(selected())
                .isEqualTo(both.proposed(norm).layers())
                .isNotEqualTo(both.proposed().layers());

        ChosenFiles files = new ChosenFiles();
        files.choose(folder.resolve("selection.json"));
        Desk desk = new Desk();
        new SelectionFiles(selection, kept, desk, files, desk).save();
        desk.work();
        assertThat(SelectionFile.read(folder.resolve("selection.json")).origin().measure())
                .isEqualTo("gradient-norm");
    }

    /** An analysis of earlier versions, or of a model whose layers are alike, says nothing of kinds. */
    @Test
    void kindsAreThoseOfTheAnalysisOnDisplay() throws Exception {
        StringBuilder ids = new StringBuilder();
        for (int row = 0; row < 12; row++) {
            ids.append("{\"input_ids\": [2, %s, %s, 9]}%n".formatted(3 + row, 20 - row));
        }
        Path rows = Files.writeString(home.resolve("tokens.jsonl"), ids);
        OpenModel gemma = lab.open(Golden.folder("v5/gemma3_text").toString());
        session.modelProperty().set(gemma);
        assertThat(selection.kinds().differing())
                .containsExactly(LayerKind.FULL_ATTENTION, LayerKind.SLIDING_ATTENTION);
        selection.choose(LayerKind.FULL_ATTENTION);
        assertThat(selected()).containsExactly(2);
        OpenModel llama = lab.open(Golden.folder("llama").toString());
        session.analysisProperty()
                .set(new AnalysisEntry(
                        1, lab.analyze(llama, DataSettings.of(rows.toString()), AnalysisSettings.defaults()), null));

        assertThat(session.modelProperty().get()).isSameAs(gemma);
        assertThat(selection.kinds()).isEqualTo(LayerKinds.NONE);
        assertThat(selection.selectionProperty().get().reason().rule())
                .as("the layers of another model are of no kind")
                .isEqualTo(SelectionRule.ByHand.of(List.of(2)));
        selection.take(new LayerSelection(
                new TreeSet<>(List.of(1)),
                4,
                new LayerSelection.Reason(
                        new SelectionRule.OfKind(LayerKind.FULL_ATTENTION, new TreeSet<>(List.of(1))),
                        LayerLocks.none(),
                        UndefinedLayers.EXCLUDE,
                        null)));
        assertThat(selection.selectionProperty().get().reason().rule()).isEqualTo(SelectionRule.ByHand.of(List.of(1)));
        llama.close();
        gemma.close();
    }

    @Test
    void layersAreSelectedAsABlock() {
        analyze();
        selection.setLock(11, LayerLock.ALWAYS);
        selection.selectOnly(new TreeSet<>(List.of(3, 4)));
        assertThat(selected()).containsExactly(3, 4, 11);
        session.history().undo();
        assertThat(selected()).hasSize(6);
    }

    @Test
    void theRatioSelectsAnewAndAClickMakesItByHand() {
        analyze();
        selection.ratioProperty().set(0.25);
        assertThat(selected()).containsExactly(5, 8, 11);
        selection.toggle(3);
        assertThat(selected()).containsExactly(3, 5, 8, 11);
        assertThat(selection.selectionProperty().get().reason().rule()).isInstanceOf(SelectionRule.ByHand.class);
        selection.ratioProperty().set(0.5);
        assertThat(selected()).containsExactly(1, 2, 4, 5, 8, 11);
    }

    @Test
    void locksBindEveryRule() {
        analyze();
        selection.setLock(3, LayerLock.ALWAYS);
        selection.setLock(11, LayerLock.NEVER);
        assertThat(selected()).contains(3).doesNotContain(11).hasSize(6);
        selection.toggle(11);
        selection.toggle(3);
        assertThat(selected()).as("a locked layer is not toggled").contains(3).doesNotContain(11);
        selection.selectNone();
        assertThat(selected()).containsExactly(3);
        selection.clearLocks();
        selection.selectAll();
        assertThat(selected()).hasSize(12);
        selection.invert();
        assertThat(selected()).isEmpty();
    }

    @Test
    void undefinedLayersComeFirstWhereThatIsWanted() {
        analyze();
        selection.setUndefined(UndefinedLayers.INCLUDE);
        assertThat(selected()).contains(0).hasSize(6);
    }

    @Test
    void countsFollowSelectionRankAndTargets() {
        analyze();
        assertThat(selection.countsProperty().get())
                .isEqualTo(new AdapterCounts(6L * 8 * TinyModels.PARAMETERS, 12L * 8 * TinyModels.PARAMETERS));
        assertThat(selection.countsProperty().get().saved()).isEqualTo(0.5);
        rank.set(16);
        assertThat(selection.countsProperty().get().trainable()).isEqualTo(6L * 16 * TinyModels.PARAMETERS);
        targets.set(List.of("query", "value"));
        assertThat(selection.countsProperty().get().trainable()).isEqualTo(6L * 16 * TinyModels.PARAMETERS * 2 / 9);
        selection.selectNone();
        assertThat(selection.countsProperty().get().trainable()).isZero();
    }

    @Test
    void changesCanBeTakenBackAndMadeAgain() {
        analyze();
        selection.toggle(3);
        selection.setLock(1, LayerLock.NEVER);
        session.history().undo();
        assertThat(selection.lock(1)).isEqualTo(LayerLock.NONE);
        session.history().undo();
        assertThat(selected()).containsExactly(1, 2, 4, 5, 8, 11);
        assertThat(session.history().undoableProperty().get()).isEmpty();
        session.history().redo();
        assertThat(selected()).contains(3);
        selection.toggle(0);
        assertThat(session.history().redoableProperty().get()).isEmpty();
    }

    @Test
    void onePullOfTheSliderIsOneChange() {
        analyze();
        selection.toggle(3);
        for (double ratio : new double[] {0.6, 0.65, 0.7, 0.75}) {
            selection.ratioProperty().set(ratio);
        }
        session.history().undo();
        assertThat(selected()).as("what was there before the pull").contains(3).hasSize(7);
    }

    @Test
    void anotherModelStartsAnew() {
        analyze();
        selection.setLock(1, LayerLock.ALWAYS);
        session.analysisProperty().set(null);
        session.modelProperty().set(lab.open("other"));
        assertThat(selected()).hasSize(12);
        assertThat(selection.lock(1)).isEqualTo(LayerLock.NONE);
        assertThat(session.history().undoableProperty().get()).isEmpty();
    }

    @Test
    void aSavedSelectionIsReadBack(@TempDir Path folder) {
        analyze();
        Desk desk = new Desk();
        ChosenFiles files = new ChosenFiles();
        SelectionFiles saving = new SelectionFiles(selection, kept, desk, files, desk);
        selection.setLock(3, LayerLock.ALWAYS);
        List<Integer> before = List.copyOf(selected());
        files.choose(folder.resolve("selection.json"));
        saving.save();
        desk.work();
        assertThat(SelectionFile.read(folder.resolve("selection.json")).selection())
                .isEqualTo(selection.selectionProperty().get());

        selection.clearLocks();
        selection.selectAll();
        saving.open();
        desk.work();
        assertThat(selected()).containsExactlyElementsOf(before);
        assertThat(selection.lock(3)).isEqualTo(LayerLock.ALWAYS);
        assertThat(desk.problems()).isEmpty();
    }

    /** Its rule would choose other layers by the analysis that is looked at. */
    @Test
    void aSelectionByAnotherAnalysisKeepsItsLayers(@TempDir Path folder) {
        analyze();
        LayerSelection.Reason reason = new LayerSelection.Reason(
                new SelectionRule.TopRatio(0.25),
                LayerLocks.of(List.of(0), List.of(11)),
                UndefinedLayers.EXCLUDE,
                null);
        LayerSelection other = new LayerSelection(new TreeSet<>(List.of(0, 3, 6)), 12, reason);
        Path file = folder.resolve("selection.json");
        SelectionFile.write(file, SavedSelection.of(other));
        Desk desk = new Desk();
        new SelectionFiles(selection, kept, desk, new ChosenFiles(), desk).open(file);
        desk.work();
        assertThat(selected()).containsExactly(0, 3, 6);
        assertThat(selection.selectionProperty().get().reason().rule()).isInstanceOf(SelectionRule.ByHand.class);
        assertThat(selection.lock(11)).isEqualTo(LayerLock.NEVER);

        selection.take(
                new LayerSelection(new TreeSet<>(List.of(5, 8)), 12, reason)); // locked layers that are not as they say
        assertThat(selected()).containsExactly(5, 8);
    }

    @Test
    void linearMapsAndRanksStayUntilTheLayersAreChosenInAnotherWay() throws Exception {
        analyze();
        SelectedModules maps = SelectedModules.of(
                Map.of("encoder.layer.3.attention.self.query", 4, "encoder.layer.6.output.dense", 2));
        LayerSelection saved = LayerSelection.byHand(List.of(3, 6), 12).withModules(maps, null);
        selection.take(saved);
        assertThat(selection.selectionProperty().get().modules()).isEqualTo(maps);
        assertThat(selection.selectionProperty().get().layers()).containsExactly(3, 6);

        selection.toggle(4);
        assertThat(selection.selectionProperty().get().modules()).isNull();
        session.history().undo();
        assertThat(selection.selectionProperty().get().modules()).isEqualTo(maps);
    }

    @Test
    void aSelectionThatWouldReplaceAChoiceIsComparedFirst(@TempDir Path folder) throws Exception {
        analyze();
        Path file = folder.resolve("selection-mine.json");
        Files.writeString(file, "{\"version\": 1, \"layers\": [0, 5], \"of\": 12}");
        Desk desk = new Desk();
        SelectionFiles opening = new SelectionFiles(selection, kept, desk, new ChosenFiles(), desk);
        selection.toggle(3);
        desk.imported = Dialogs.Import.LEAVE;
        opening.open(file);
        desk.work();
        assertThat(selected()).contains(3);
        assertThat(desk.questions()).containsExactly("selection-mine");
        desk.imported = Dialogs.Import.KEEP;
        opening.open(file);
        desk.work();
        assertThat(selected()).contains(3);
        assertThat(session.kept())
                .singleElement()
                .satisfies(one -> assertThat(one.selection().layers()).containsExactly(0, 5));
        desk.imported = Dialogs.Import.SELECT;
        opening.open(file);
        desk.work();
        assertThat(selected()).containsExactly(0, 5);
        opening.open(file);
        desk.work();
        assertThat(desk.questions()).as("nothing would change now").hasSize(3);
        session.history().undo();
        assertThat(selected()).contains(3);
    }

    @Test
    void aSelectionOfAnotherModelIsToldEvenIfItHasAsManyLayers(@TempDir Path folder) throws Exception {
        analyze();
        Path file = folder.resolve("selection-gpt.json");
        Files.writeString(file, "{\"version\": 1, \"model\": \"gpt2\", \"layers\": [0, 5], \"of\": 12}");
        Desk desk = new Desk();
        desk.imported = Dialogs.Import.LEAVE;
        List<Integer> before = List.copyOf(selected());
        new SelectionFiles(selection, kept, desk, new ChosenFiles(), desk).open(file);
        desk.work();

        assertThat(desk.questions())
                .containsExactly("selection-gpt: The selection was made for the model gpt2, but the model here is"
                        + " bge-small-en-v1.5; its layers may not suit it.");
        assertThat(selected()).containsExactlyElementsOf(before);
    }

    @Test
    void theSliderGoesBackWithTheSelection() {
        analyze();
        selection.toggle(3);
        selection.ratioProperty().set(0.25);
        assertThat(selected()).hasSize(3);

        session.history().undo();

        assertThat(selected()).contains(3);
        assertThat(selection.ratioProperty().get()).isEqualTo(0.5);
    }

    @Test
    void aSelectionForAnotherModelIsRefusedInWords(@TempDir Path folder) throws Exception {
        Desk desk = new Desk();
        Path file = folder.resolve("selection-small.json");
        Files.writeString(file, "{\"version\": 1, \"layers\": [1], \"of\": 4}");
        new SelectionFiles(selection, kept, desk, new ChosenFiles(), desk).open(file);
        desk.work();
        assertThat(desk.problems()).singleElement().satisfies(problem -> assertThat(problem.sentence())
                .contains("4 layers")
                .contains("has 12"));
        assertThat(selected()).hasSize(12);
    }

    @Test
    void unmatchedTargetsLeaveTheCountOpen() {
        targets.set(List.of("q_proj"));
        assertThat(selection.countsProperty().get()).isNull();
    }

    private SortedSet<Integer> selected() {
        return selection.selectionProperty().get().layers();
    }
}
