package org.layerwise.run.paired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.analysis.uncertainty.McNemar;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.json.Json;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.run.Run;
import org.layerwise.run.uncertainty.RowMetrics;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.RunSettings;
import org.layerwise.settings.StartMode;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.Workbench;
import org.layerwise.study.evaluation.EvaluationJob;
import org.layerwise.study.model.OpenModel;
import org.layerwise.study.training.TrainingJob;
import org.layerwise.testing.CancelledProgress;
import org.layerwise.training.Evaluation;
import org.layerwise.training.LearningRateScheduler;
import org.layerwise.training.OptimiserSettings;
import org.layerwise.training.StepRecord;
import org.layerwise.training.TrainingListener;

/** Runs of the tiny model, compared by what their folders keep. */
class RunPairsTest {

    private static final String ROWS = "evaluated-rows.json";

    @TempDir
    private Path folder;

    private Workbench workbench;
    private OpenModel model;
    private Path data;

    @BeforeEach
    void open() {
        workbench = TinyStudy.workbench(folder.resolve("home"));
        model = TinyStudy.open(workbench);
        data = TinyStudy.classes(folder);
    }

    @AfterEach
    void close() {
        model.close();
    }

    private Run train(String name, long seed, Path validation) {
        return train(name, seed, validation, SettingValues.none(), StartMode.OVERWRITE, Integer.MAX_VALUE);
    }

    /** @param cancelAfter step of an evaluation after which it is stopped */
    private Run train(String name, long seed, Path validation, SettingValues run, StartMode start, int cancelAfter) {
        boolean[] stop = {false};
        Progress progress = CancelledProgress.when(() -> stop[0]);
        TrainingListener listener = new TrainingListener() {
            @Override
            public void step(StepRecord step) {
                // it is stopped by its evaluations, so that it keeps the last one
            }

            @Override
            public void evaluated(int step, Evaluation evaluation) {
                stop[0] = step >= cancelAfter;
            }
        };
        Path out = folder.resolve("runs").resolve(name);
        TrainingSettings settings = TrainingSettings.defaults()
                .with(steps(8))
                .with(run)
                .withSeed(seed)
                .withHeldOut(validation.toString(), null);
        new TrainingJob(workbench, model, DataSettings.of(data.toString()), settings, out, start, new PauseSwitch())
                .run(progress, listener);
        return Run.open(out);
    }

    private static SettingValues steps(int steps) {
        return SettingValues.none()
                .with(OptimiserSettings.LEARNING_RATE, 0.005)
                .with(OptimiserSettings.SCHEDULER, LearningRateScheduler.CONSTANT)
                .with(OptimiserSettings.WARMUP_STEPS, 0)
                .with(OptimiserSettings.WEIGHT_DECAY, 0.01)
                .with(OptimiserSettings.STEPS, steps)
                .with(OptimiserSettings.MAX_GRAD_NORM, 0.0)
                .with(OptimiserSettings.MODEL_DROPOUT, Optional.of(0.0));
    }

    private static List<RunPair> pairs(Run first, Run second, String... metrics) {
        return RunPairs.of(List.of(first, second), run -> Set.of(metrics), Progress.none())
                .pairs();
    }

    private RowMetrics evaluated(Run run) {
        return new EvaluationJob(workbench, model, run.adapter(), DataSettings.of(data.toString()), null, null, null)
                .run(Progress.none())
                .measured()
                .rows();
    }

    @Test
    void twoRunsOnTheSameRowsAreTestedRowByRow() {
        Run first = train("first", 1, data);
        Run second = train("second", 2, data);

        List<RunPair> pairs = pairs(first, second, "accuracy", "f1");

        McNemar expected =
                McNemar.of(evaluated(first).right(), evaluated(second).right());
        assertThat(pairs).extracting(RunPair::metric).containsExactly("accuracy", "f1");
        assertThat(pairs).extracting(RunPair::rows).containsOnly("validation");
        assertThat(pairs.get(0).test().mcNemar()).isEqualTo(expected);
        assertThat(pairs.get(0).test().difference())
                .isCloseTo(
                        second.validation().get().evaluation().metrics().get("accuracy")
                                - first.validation()
                                        .get()
                                        .evaluation()
                                        .metrics()
                                        .get("accuracy"),
                        within(1e-12));
        assertThat(pairs.get(1).test().interval()).isNull();
        assertThat(pairs.get(1).test().missing()).startsWith("no interval: fewer than ");
    }

    @Test
    void runsOnOtherRowsAreNotTested() throws IOException {
        List<String> lines = Files.readAllLines(data);
        Path fewer = Files.write(folder.resolve("fewer.jsonl"), lines.subList(1, lines.size()));

        RunPair pair = pairs(train("first", 1, data), train("second", 1, fewer), "accuracy")
                .get(0);

        assertThat(pair.test()).isNull();
        assertThat(pair.reason())
                .isEqualTo("first and second were evaluated on other rows, or on other tokens or labels of these.");
    }

    @Test
    void aRunOfAnEarlierVersionOpensAndSaysThatItKeepsNoRows() throws IOException {
        Run first = train("first", 1, data);
        Run old = train("old", 2, data);
        Files.delete(old.folder().resolve(ROWS));
        Path summary = old.folder().resolve("summary.json");
        ObjectNode json = (ObjectNode) Json.read(summary);
        json.remove("evaluated_rows_sha256");
        ((ObjectNode) json.path("after")).remove("intervals");
        Json.write(summary, json);

        RunPair pair = pairs(first, Run.open(old.folder()), "accuracy").get(0);

        assertThat(pair.test()).isNull();
        assertThat(pair.reason()).startsWith("old keeps no results of its rows, as an earlier version");
        assertThat(old.summary().get().after().intervals()).isEmpty();
    }

    @Test
    void aChangedFileIsNotBelievedThoughItsMetricsAreTheSame() throws IOException {
        Run first = train("first", 1, data);
        Run second = train("second", 2, data);
        Path file = second.folder().resolve(ROWS);
        Files.writeString(file, Files.readString(file).replaceFirst("\"losses\":\\[", "\"losses\":[ "));

        RunPair pair = pairs(first, second, "accuracy").get(0);

        assertThat(pair.test()).isNull();
        assertThat(pair.reason()).startsWith(file + " is not the file that the training wrote");
    }

    @Test
    void aRunThatGoesOnWithItsBestAdapterKeepsTheRowsOfThatOne() {
        SettingValues best = SettingValues.none()
                .with(RunSettings.EVALUATE_EVERY, 2)
                .with(RunSettings.KEEP_BEST, true)
                .with(RunSettings.BEST_METRIC, "loss")
                .with(RunSettings.CHECKPOINT_EVERY, 2);
        Run whole = train("whole", 3, data, best, StartMode.OVERWRITE, Integer.MAX_VALUE);
        train("cut", 3, data, best, StartMode.OVERWRITE, 4);
        Run cancelled = Run.open(folder.resolve("runs/cut"));
        assertThat(cancelled.evaluatedRows().get("validation").predicted())
                .isEqualTo(evaluated(cancelled).predicted());

        Run cut = train("cut", 3, data, best, StartMode.RESUME, Integer.MAX_VALUE);

        RowMetrics kept = cut.evaluatedRows().get("validation");
        assertThat(kept.predicted()).isEqualTo(evaluated(cut).predicted());
        assertThat(kept.losses())
                .isEqualTo(whole.evaluatedRows().get("validation").losses());
        assertThat(cut.summary().get().after()).isEqualTo(whole.summary().get().after());
    }

    @Test
    void rowsOfARunThatWasKilledBeforeItsSummaryAreNotMixedWithTheEarlierSummary() throws IOException {
        SettingValues each =
                SettingValues.none().with(RunSettings.EVALUATE_EVERY, 1).with(RunSettings.CHECKPOINT_EVERY, 1);
        train("cut", 3, data, each, StartMode.OVERWRITE, 3);
        Path out = folder.resolve("runs/cut");
        byte[] earlier = Files.readAllBytes(out.resolve("summary.json"));
        Run ended = train("cut", 3, data, each, StartMode.RESUME, Integer.MAX_VALUE);
        Files.write(out.resolve("summary.json"), earlier);

        RunPair pair = pairs(train("other", 4, data), ended, "accuracy").get(0);

        assertThat(pair.test()).isNull();
        assertThat(pair.reason()).contains(ROWS);
    }

    @Test
    void aRunThatIsReplacedLeavesNoRows() throws IOException {
        Run first = train("first", 1, data);
        assertThat(first.evaluatedRows()).containsOnlyKeys("validation");

        Path out = first.folder();
        new TrainingJob(
                        workbench,
                        model,
                        DataSettings.of(data.toString()),
                        TrainingSettings.defaults().with(steps(1)),
                        out)
                .run(Progress.none(), TrainingListener.none());

        assertThat(out.resolve(ROWS)).doesNotExist();
        assertThat(Run.open(out).evaluatedRows()).isEmpty();
    }
}
