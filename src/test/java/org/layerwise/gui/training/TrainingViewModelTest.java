package org.layerwise.gui.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import javafx.beans.binding.BooleanBinding;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.gui.Desk;
import org.layerwise.gui.TinyLab;
import org.layerwise.gui.run.NotedRuns;
import org.layerwise.gui.run.RunController;
import org.layerwise.gui.session.RunEntry;
import org.layerwise.gui.session.RunLocation;
import org.layerwise.gui.session.StudySession;
import org.layerwise.lora.LoraSettings;
import org.layerwise.remote.Cluster;
import org.layerwise.run.Run;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.SavedSelection;
import org.layerwise.selection.SelectedModules;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.RunSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.training.TrainingEstimate;
import org.layerwise.training.OptimiserSettings;

class TrainingViewModelTest {

    @TempDir
    static Path home;

    private static final Clock NOON = Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC);

    private final TinyLab lab = new TinyLab(home);

    @TempDir
    Path folder;

    private @Nullable String analysed;

    private final Desk desk = new Desk();
    private final StudySession session = new StudySession();
    private final TrainingForm form = new TrainingForm();
    private final SimpleObjectProperty<LayerSelection> selection = new SimpleObjectProperty<>();
    private final RunController work =
            new RunController(session, lab.workbench(), lab.clusters(), desk, desk, desk, new NotedRuns(), NOON);
    private final ObservableList<Cluster> clusters = FXCollections.observableArrayList();
    private final RunLocation runOn = new RunLocation(clusters);
    private final TrainingViewModel training = new TrainingViewModel(
            session,
            lab.workbench(),
            form,
            selection,
            this::saved,
            runOn,
            work,
            desk,
            desk,
            () -> folder.resolve("runs"),
            NOON);

    private SavedSelection saved(LayerSelection layers) {
        SavedSelection.Origin origin = new SavedSelection.Origin(analysed, "rows", "linear-cka", "first", 8);
        return new SavedSelection(layers, origin, null, null, null);
    }

    @BeforeEach
    void open() {
        DataSettings data = DataSettings.of("sample:definitions");
        session.modelProperty().set(lab.open("sample"));
        session.dataProperty().set(lab.data(data));
        selection.set(LayerSelection.byHand(List.of(1, 5, 8), 12));
    }

    @Test
    void itsDefaultsAreThoseOfTheCommandLine() {
        assertThat(form.settings(new TreeSet<>(List.of(1))))
                .isEqualTo(TrainingSettings.defaults().withLayers(new TreeSet<>(List.of(1))));
    }

    @Test
    void aModelThatIsUsedALayerAtATimeCanBeTrained() {
        session.modelProperty().set(lab.openByLayers("llama"));
        selection.set(LayerSelection.byHand(List.of(1, 5, 8), 32));
        assertThat(training.mistakeProperty().get()).doesNotStartWith("This model");
        session.modelProperty().set(lab.open("sample"));
        selection.set(LayerSelection.byHand(List.of(1, 5, 8), 12));
        assertThat(training.ready().get()).isTrue();
    }

    @Test
    void aTrainingIsFollowedAndSummedUp() {
        form.optimiser().fill(form.optimiser().values().with(OptimiserSettings.EPOCHS, 2.0), 16);
        form.run().fill(form.run().values().with(RunSettings.EVALUATE_EVERY, 16));
        training.train();
        RunEntry run = training.runProperty().get();
        assertThat(run.stateProperty().get()).isEqualTo(RunEntry.State.QUEUED);
        assertThat(run.name()).isEqualTo("definitions-3of12-20260301-120000");
        desk.work();
        assertThat(run.stateProperty().get()).isEqualTo(RunEntry.State.FINISHED);
        assertThat(run.steps()).hasSize(64);
        assertThat(run.evaluations()).extracting(RunEntry.Evaluated::step).containsExactly(0, 16, 32, 48, 64);
        assertThat(run.summaryProperty().get().layers()).containsExactly(1, 5, 8);
        assertThat(desk.notices()).containsExactly("Training finished");
    }

    @Test
    void linearMapsOfASelectionAreTrainedAtTheirRanks() {
        SelectedModules maps = SelectedModules.of(
                Map.of("encoder.layer.1.attention.self.query", 4, "encoder.layer.5.output.dense", 2));
        LayerSelection layers = LayerSelection.byHand(List.of(1, 5), 12).withModules(maps, null);
        selection.set(layers);
        assertThat(training.ready().get()).isTrue();
        SettingValues adapter = training.settings(layers).adapter().values();
        assertThat(adapter.get(LoraSettings.RANK)).isEqualTo(4);
        training.train();
        desk.work();
        // the tiny sample model is 8 wide and 32 inside
        assertThat(training.runProperty().get().summaryProperty().get().adapterParameters())
                .isEqualTo(4 * (8 + 8) + 2 * (32 + 8));
    }

    @Test
    void twoTrainingsAtOnceHaveTwoFolders() {
        training.train();
        training.train();
        assertThat(session.runs()).extracting(RunEntry::name).doesNotHaveDuplicates();
    }

    /** Another window may begin a training in the same second. */
    @Test
    void aFolderThatIsThereIsNotTaken(@TempDir Path runs) throws IOException {
        Files.createDirectory(runs.resolve("definitions-3of12-20260301-120000"));
        TrainingViewModel later = new TrainingViewModel(
                session, lab.workbench(), form, selection, this::saved, runOn, work, desk, desk, () -> runs, NOON);

        later.train();

        assertThat(later.runProperty().get().name()).isEqualTo("definitions-3of12-20260301-120000-2");
    }

    @Test
    void theCostIsSaidBeforeAndTheTimeOnceItIsKnown() {
        assertThat(training.costProperty().get())
                .startsWith("32 steps")
                .contains("on disk")
                .doesNotContain("about");
        form.optimiser().fill(form.optimiser().values().with(OptimiserSettings.EPOCHS, 2.0), 8);
        assertThat(training.costProperty().get()).startsWith("128 steps");
        training.train();
        desk.work();
        assertThat(training.costProperty().get()).contains("about");
    }

    @Test
    void theMemoryIsSaidBeforeAndWhatWouldMakeItFit() {
        desk.work();
        assertThat(training.memoryProperty().get().replace('\u00a0', ' '))
                .matches("About [\\d.]+ [MK]iB of memory beside the model, [\\d.]+ GiB is free");
        assertThat(training.memoryPartsProperty().get()).contains("for what the layers keep for the backward pass");
        assertThat(training.memoryWarningProperty().get()).isEmpty();
        session.modelProperty().set(lab.open("llama")); // has no limit of tokens
        selection.set(LayerSelection.byHand(List.of(1, 5, 8), 32));
        session.dataProperty()
                .set(lab.data(DataSettings.of("sample:definitions").withMaxLength(20_000_000)));
        desk.work();
        assertThat(training.memoryWarningProperty().get().replace('\u00a0', ' '))
                .matches("This may not fit into memory\\. It would with .*Max length \\d+ \\(about .*");
        assertThat(training.ready().get()).isTrue();
        session.dataProperty().set(null);
        desk.work();
        assertThat(training.memoryProperty().get()).isEmpty();
    }

    @Test
    void flagsThatWouldHelpAreNamedAsTheirFields() {
        List<String> advice = List.of("--gradient-checkpointing (about 1.1 GiB)", "--batch 8 (about 2.0 GiB)");
        assertThat(EstimateTexts.warning(new TrainingEstimate(1, 0, 1, 1L << 33, 0, 0, 0, 1L << 33, advice)))
                .isEqualTo("This may not fit into memory. It would with Gradient checkpointing (about 1.1 GiB), or with"
                        + " Batch size 8 (about 2.0 GiB).");
    }

    @Test
    void aSelectionForAnotherModelIsSaidAndGoesIntoTheRun() {
        assertThat(training.otherModelProperty().get()).isEmpty();
        analysed = "m1";
        session.analysisProperty()
                .set(session.add(
                        lab.analyze(
                                lab.open("m1"), DataSettings.of(DataSettings.DEFINITIONS), AnalysisSettings.defaults()),
                        null));
        String here = session.modelProperty().get().card().name();
        assertThat(training.otherModelProperty().get())
                .isEqualTo(
                        "The selection was made for the model m1, but the model here is %s; its layers may not suit it."
                                .formatted(here));
        assertThat(training.ready().get()).isTrue();

        training.train();
        desk.work();

        assertThat(Run.open(training.runProperty().get().folder()).layersReason())
                .endsWith(" for the model m1");
        analysed = here;
        selection.set(LayerSelection.byHand(List.of(2), 12));
        assertThat(training.otherModelProperty().get()).isEmpty();
    }

    @Test
    void dataWithoutHeldOutRowsIsSaid() {
        BooleanBinding unmeasured = training.unmeasured();
        assertThat(unmeasured.get()).isFalse();
        DataSettings own = DataSettings.of(lab.table("reviews.csv", 40).toString());
        session.dataProperty().set(lab.data(own));
        assertThat(unmeasured.get()).isTrue();
        form.run().validation().set("/data/held-out.csv");
        assertThat(unmeasured.get()).isFalse();
    }

    @Test
    void validationRowsAreNotMeasuredByThemselves() {
        session.dataProperty().set(lab.data(DataSettings.of("sample:definitions:test")));
        assertThat(training.mistakeProperty().get())
                .startsWith("sample:definitions:test is a half of the validation rows");
        form.run().validation().set("sample:definitions:validation");
        assertThat(training.ready().get()).isTrue();
    }

    @Test
    void whatIsMissingOrWrongKeepsItFromStarting() {
        selection.set(LayerSelection.byHand(List.of(), 12));
        assertThat(training.mistakeProperty().get()).isEqualTo("Select at least one layer.");
        selection.set(LayerSelection.byHand(List.of(1), 12));
        assertThat(training.ready().get()).isTrue();
        form.adapter().rank().set(0);
        assertThat(training.mistakeProperty().get()).isEqualTo("Rank must be from 1 to 65536, but is 0.");
        training.train();
        assertThat(session.runs()).isEmpty();
        form.adapter().rank().set(8);
        session.dataProperty().set(null);
        assertThat(training.mistakeProperty().get()).isEqualTo("Open data first.");
    }

    @Test
    void aDefectIsExplainedAndCanBeTriedAgain() {
        desk.fail(true);
        training.train();
        desk.work();
        assertThat(training.runProperty().get().stateProperty().get()).isEqualTo(RunEntry.State.FAILED);
        assertThat(desk.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.sentence()).doesNotContain("Exception");
            assertThat(problem.details()).contains("an invented defect");
        });
        desk.fail(false);
        Optional.ofNullable(work.problemProperty().get().retry()).orElseThrow().run();
        desk.work();
        assertThat(training.runProperty().get().stateProperty().get()).isEqualTo(RunEntry.State.FINISHED);
        assertThat(work.problemProperty().get()).isNull();
    }

    @Test
    void numbersAreWrittenPlainly() {
        assertThat(OptimiserSettings.LEARNING_RATE.write(1e-3)).isEqualTo("0.001");
        assertThat(OptimiserSettings.LEARNING_RATE.write(5e-5)).isEqualTo("0.00005");
        assertThat(OptimiserSettings.LEARNING_RATE.write(16.0)).isEqualTo("16");
    }
}
