package org.layerwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.Progress;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.GpuDevice;
import org.layerwise.testing.GpuTest;

/** Steps of LoRA on a GPU against the same on the processor, and the precisions that a GPU has. */
@GpuTest
class GpuTrainingTest {

    private static final TrainerSettings.Grouping GROUPING = new TrainerSettings.Grouping(4, 1, false);
    private static final int STEPS = 10;

    private final TensorEngine engine = Engines.shared();
    private final Device gpu = GpuDevice.device();
    private final int liveBefore = engine.liveTensors();

    @AfterEach
    void nothingIsLeft() {
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "deberta_v3", "llama", "gemma2", "gpt2"})
    void lossesEqualThoseOfTheProcessor(String fixture) {
        List<Double> expected = losses(fixture, DType.F32, Device.CPU);

        List<Double> actual = losses(fixture, DType.F32, gpu);

        for (int step = 0; step < STEPS; step++) {
            assertThat(actual.get(step)).as("step %d", step + 1).isCloseTo(expected.get(step), within(1e-3));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "llama"})
    void sixteenBitsAreNear(String fixture) {
        List<Double> wide = losses(fixture, DType.F32, Device.CPU);
        for (DType type : List.of(DType.BF16, DType.F16)) {
            List<Double> narrow = losses(fixture, type, gpu);
            for (int step = 0; step < STEPS; step++) {
                assertThat(narrow.get(step))
                        .as("%s, step %d", type, step + 1)
                        .isCloseTo(wide.get(step), within(type == DType.BF16 ? 0.05 : 0.01));
            }
            assertThat(narrow).isNotEqualTo(wide);
        }
    }

    @Test
    void anOverflowInFloat16SkipsTheStepAndHalvesTheScale() {
        try (TinyTraining training = new TinyTraining(engine, "bert", DType.F16, gpu);
                AdaptedModel model = training.adapted(0, Set.of(2));
                TrainingStep steps = new TrainingStep(
                        model, training.data, training.objective, settings(), TinyTraining.TEMPORARY)) {
            OptimiserState begun = steps.state();
            // a scale that no float16 holds
            steps.restore(new OptimiserState(begun.updates(), begun.means(), new LossScale(1L << 40, 7)));
            TrainingStep.Taken skipped = steps.take(0, steps.batches(0).subList(0, 1), Progress.none());
            assertThat(skipped.gradNorm()).isNotFinite();
            assertThat(steps.state().updates()).isZero();
            assertThat(steps.state().lossScale()).isEqualTo(new LossScale(1L << 39, 0));
        }
    }

    private List<Double> losses(String fixture, DType type, Device device) {
        List<Double> losses = new ArrayList<>();
        try (TinyTraining training = new TinyTraining(engine, fixture, type, device);
                AdaptedModel model = training.adapted(0, Set.of(1, 2));
                TrainingStep steps = new TrainingStep(
                        model, training.data, training.objective, settings(), TinyTraining.TEMPORARY)) {
            OptimiserState begun = steps.state();
            steps.restore(
                    new OptimiserState(0, begun.means(), type == DType.F16 ? new LossScale(64, 0) : begun.lossScale()));
            List<int[]> epoch = steps.batches(0);
            for (int step = 0; step < STEPS; step++) {
                int at = step % epoch.size();
                losses.add(steps.take(step, epoch.subList(at, at + 1), Progress.none())
                        .loss());
            }
            assertThat(steps.state().updates()).isEqualTo(STEPS);
        }
        return losses;
    }

    private static TrainerSettings settings() {
        return TinyTraining.settings(STEPS, GROUPING, 0, new TrainerSettings.Memory(false, 0));
    }
}
