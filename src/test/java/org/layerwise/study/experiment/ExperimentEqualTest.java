package org.layerwise.study.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.layerwise.base.CancelledException;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.run.Run;
import org.layerwise.run.RunState;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.RunSettings;

/** Arms that choose the same layers. */
class ExperimentEqualTest extends TinyExperiment {

    private static final int SEEDS = 2;
    private static final String[] ARMS = {"all", "gradient-norm", "last"};

    /** Returns an experiment whose arms all have adapters on all layers, since a ratio of 1 leaves none out. */
    private ExperimentSettings settings(String out, String... arms) {
        return settings(
                training(6, 2, 4, rows).with(RunSettings.BEST_METRIC, "accuracy"),
                new AnalysisSettings(SettingValues.none().with(AnalysisSettings.RATIO, 1.0)),
                arms(arms),
                List.of(5e-3),
                SEEDS,
                out);
    }

    private static Path folder(ArmResult arm, int number) {
        return arm.runs().get(number).summary().folder();
    }

    @Test
    void equalRunsAreTrainedOnceAndAreToTheBitWhatTheirTrainingsWouldBe() {
        RunCounter ear = new RunCounter();
        ExperimentResult result = run(settings("experiment", ARMS), ear, ear);
        assertThat(ear.begun).hasSize(SEEDS);
        assertThat(ear.ended).hasSize(3 * SEEDS);
        assertThat(result.remarks())
                .containsOnlyOnce(
                        "All layers, layers by gradient norm and last layers train the same adapters, so one training of a seed counts for all of them, and all are one comparison.");
        ArmResult all = result.arms().get(0);
        for (ArmResult arm : result.arms()) {
            for (int i = 0; i < SEEDS; i++) {
                Run run = Run.open(folder(arm, i));
                assertThat(run.folder())
                        .hasFileName("%s-lr0.005-seed%s".formatted(arm.arm().id(), 7 + i));
                assertThat(run.name()).isEqualTo(String.valueOf(run.folder().getFileName()));
                assertThat(run.state()).isEqualTo(RunState.FINISHED);
                assertThat(run.evaluatedRows()).containsOnlyKeys("validation", "test");
                assertThat(run.adapter().resolve("adapter_model.safetensors"))
                        .hasSameBinaryContentAs(folder(all, i).resolve("adapter/adapter_model.safetensors"));
                assertThat(arm.runs().get(i).measured())
                        .isEqualTo(all.runs().get(i).measured());
            }
        }
        assertThat(reason(result, "gradient-norm")).contains("gradient-norm");

        RunCounter again = new RunCounter();
        assertThat(run(settings("experiment", ARMS), again, again).remarks()).isEqualTo(result.remarks());
        assertThat(again.begun).as("copies are finished runs").isEmpty();

        ExperimentResult alone = run(settings("alone", "gradient-norm"), new RunCounter(), new RunCounter());
        assertThat(alone.remarks()).noneMatch(remark -> remark.contains("counts for all"));
        for (int i = 0; i < SEEDS; i++) {
            Path weights = folder(alone.arms().get(0), i).resolve("adapter/adapter_model.safetensors");
            assertThat(folder(result.arms().get(1), i).resolve("adapter/adapter_model.safetensors"))
                    .hasSameBinaryContentAs(weights);
        }
    }

    private static String reason(ExperimentResult result, String arm) {
        return result.arms().stream()
                .filter(found -> found.arm().id().equals(arm))
                .map(found -> Run.open(folder(found, 0)).layersReason())
                .map(Objects::requireNonNull)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aResumedExperimentTrainsNothingThatAnEqualRunHasTrained() {
        RunCounter ear = new RunCounter(2);
        try {
            run(settings("experiment", ARMS), ear, ear);
        } catch (CancelledException e) {
            assertThat(ear.begun).hasSize(2);
        }
        RunCounter second = new RunCounter();
        ExperimentResult resumed = run(settings("experiment", ARMS), second, second);
        assertThat(second.begun).hasSize(1);
        ExperimentResult whole = run(settings("other", ARMS), new RunCounter(), new RunCounter());
        assertThat(Stream.of(resumed, whole).map(one -> one.arms().stream()
                        .flatMap(arm -> arm.runs().stream())
                        .map(FinalRun::measured)
                        .toList()))
                .allMatch(values -> values.size() == 3 * SEEDS);
        assertThat(resumed.arms().get(2).runs().get(1).measured())
                .isEqualTo(whole.arms().get(2).runs().get(1).measured());
    }
}
