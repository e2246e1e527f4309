package org.layerwise.study.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.run.Run;
import org.layerwise.run.RunState;
import org.layerwise.run.RunStore;
import org.layerwise.run.TrainingSummary;
import org.layerwise.settings.AdapterSettings;
import org.layerwise.settings.ComputeType;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.Loading;
import org.layerwise.settings.ModelSettings;
import org.layerwise.settings.StartMode;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.ModelCard;
import org.layerwise.study.model.ModelListener;
import org.layerwise.study.model.OpenModel;
import org.layerwise.testing.CancelledProgress;
import org.layerwise.training.Evaluation;
import org.layerwise.training.StepRecord;
import org.layerwise.training.TrainingListener;

class ResumeJobTest {

    @TempDir
    Path folder;

    private final List<ModelSettings> opened = new ArrayList<>();
    private final List<Integer> steps = new ArrayList<>();
    private Workbench workbench;
    private OpenModel model;
    private Path run;

    private final TrainingListener listener = new TrainingListener() {
        @Override
        public void step(StepRecord step) {
            steps.add(step.step());
        }

        @Override
        public void evaluated(int step, Evaluation evaluation) {
            // only the steps matter
        }
    };

    @BeforeEach
    void stopAfterTwoSteps() {
        workbench = TinyStudy.workbench(folder.resolve("home"));
        model = TinyStudy.open(workbench);
        run = folder.resolve("run");
        DataSettings rows =
                DataSettings.of(TinyStudy.classes(folder).toString()).withBatch(4);
        TrainingSettings settings = TrainingSettings.defaults()
                .with(AdapterSettings.DEFAULTS.withLayers(new TreeSet<>(List.of(1, 3)), "by hand"));
        RunStore.queue(run, model.settings(), rows, settings);
        assertThat(new TrainingJob(workbench, model, rows, settings, run)
                        .run(CancelledProgress.when(() -> steps.size() >= 2), listener)
                        .cancelled())
                .isTrue();
        steps.clear();
    }

    @AfterEach
    void close() {
        model.close();
    }

    private TrainingSummary resume(OpenModel open) {
        ModelListener described = new ModelListener() {
            @Override
            public void described(ModelSettings settings, ModelCard card) {
                opened.add(settings);
            }
        };
        return new ResumeJob(workbench, run, new PauseSwitch()).run(open, described, Progress.none(), listener);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRunGoesOnWithItsOwnSettingsAndTheModelThatIsOpen(boolean open) {
        TrainingSummary summary = resume(open ? model : null);

        assertThat(steps).containsExactly(3, 4);
        assertThat(summary.cancelled()).isFalse();
        assertThat(summary.layers()).containsExactly(1, 3);
        assertThat(opened).hasSize(open ? 0 : 1).allMatch(model::isOf);
        assertThat(Run.open(run).state()).isEqualTo(RunState.FINISHED);
        assertThat(model.whole()).as("stays open").isPresent();
    }

    @Test
    void anotherModelThanThatOfTheRunIsNotTrained() {
        try (OpenModel other = workbench.openModel(
                new ModelSettings(TinyStudy.MODEL, "cpu", ComputeType.BF16, Loading.AUTO),
                new PauseSwitch(),
                Progress.none())) {
            resume(other);
        }
        assertThat(opened).hasSize(1).allMatch(model::isOf);
        assertThat(steps).containsExactly(3, 4);
    }

    /** A run that began on a GPU with --dtype auto has computed in bfloat16, which auto is not on a CPU. */
    @Test
    void theTypeThatTheRunHasComputedInIsKept() {
        hasComputedIn("bfloat16");

        resume(model);

        assertThat(steps).containsExactly(3, 4);
        assertThat(opened).hasSize(1).allMatch(settings -> settings.type() == ComputeType.BF16);
        assertThat(Run.open(run).environment()).containsEntry("dtype", "bfloat16");
        assertThat(Run.open(run).config()).containsEntry("dtype", "auto");
        assertThat(Run.open(run).configuration().model().type()).isEqualTo(ComputeType.AUTO);
    }

    @ParameterizedTest
    @CsvSource({"bfloat16, give --dtype bf16", "float16, give --dtype f16 where there is a GPU"})
    void aModelOfAnotherTypeIsRefused(String began, String wayOut) {
        hasComputedIn(began);
        Run there = Run.open(run);
        TrainingJob job = new TrainingJob(
                workbench,
                model,
                there.configuration().rows(),
                there.training(there.configuration(), model.card().layers()),
                run,
                StartMode.RESUME,
                new PauseSwitch());

        assertThatThrownBy(() -> job.run(Progress.none(), listener))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(
                        "has computed in %s, but the model computes in float32 here; %s".formatted(began, wayOut));
        assertThat(steps).isEmpty();
    }

    @Test
    void aRunInFloat16DoesNotGoOnInAnotherTypeOnTheProcessor() {
        hasComputedIn("float16");

        assertThatThrownBy(() -> resume(model))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("has computed in float16, but the model computes in float32 here");
    }

    private void hasComputedIn(String type) {
        Path file = run.resolve("run.json");
        ObjectNode json = (ObjectNode) Json.read(file);
        ((ObjectNode) json.path("environment")).put("dtype", type);
        Json.write(file, json);
    }

    @Test
    void aFolderWithoutARunIsRefused() {
        run = folder.resolve("none");
        assertThatThrownBy(() -> resume(model))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(run.toString());
    }
}
