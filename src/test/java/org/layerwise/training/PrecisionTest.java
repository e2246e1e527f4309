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
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.Optimisers;

/** Trainings that compute in 16 bits and keep what is trained in 32. */
class PrecisionTest {

    private static final TrainerSettings.Grouping GROUPING = new TrainerSettings.Grouping(4, 1, false);
    private static final int STEPS = 12;

    private final TensorEngine engine = Engines.shared();
    private final int liveBefore = engine.liveTensors();

    @AfterEach
    void nothingIsLeft() {
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    private static TrainerSettings settings(boolean checkpointing) {
        return TinyTraining.settings(STEPS, GROUPING, 0, new TrainerSettings.Memory(checkpointing, 0));
    }

    /** In float16 with a scale that nothing overflows with, so that no step is skipped. */
    private List<Double> losses(String fixture, DType type, boolean checkpointing) {
        List<Double> losses = new ArrayList<>();
        try (TinyTraining training = new TinyTraining(engine, fixture, type);
                AdaptedModel model = training.adapted(0, Set.of(1, 2));
                TrainingStep steps = new TrainingStep(
                        model, training.data, training.objective, settings(checkpointing), TinyTraining.TEMPORARY)) {
            OptimiserState begun = steps.state();
            steps.restore(
                    new OptimiserState(0, begun.means(), type == DType.F16 ? new LossScale(64, 0) : begun.lossScale()));
            List<int[]> epoch = steps.batches(0);
            for (int step = 0; step < STEPS; step++) {
                List<int[]> group = epoch.subList(step % epoch.size(), step % epoch.size() + 1);
                losses.add(steps.take(step, group, Progress.none()).loss());
            }
            assertThat(steps.state().updates()).isEqualTo(STEPS);
        }
        return losses;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert",
                "deberta_v3",
                "modernbert",
                "llama",
                "gemma2",
                "gpt2",
                "llava",
                "v5/gpt_neox",
                "v5/gemma4_e"
            })
    void lossesInSixteenBitsAreNearThoseInThirtyTwo(String fixture) {
        List<Double> wide = losses(fixture, DType.F32, false);
        for (DType type : List.of(DType.BF16, DType.F16)) {
            List<Double> narrow = losses(fixture, type, false);
            // bfloat16 has three digits: another order of rounding moves the first loss of modernbert from 0.03 to 0.06
            double tolerance = type == DType.BF16 ? 0.08 : 0.01;
            for (int i = 0; i < STEPS; i++) {
                assertThat(narrow.get(i)).as("%s, step %d", type, i + 1).isCloseTo(wide.get(i), within(tolerance));
            }
            assertThat(narrow).isNotEqualTo(wide);
            assertThat(losses(fixture, type, true)).isEqualTo(narrow);
        }
    }

    @Test
    void whatIsTrainedStaysInThirtyTwoBits() {
        for (DType type : List.of(DType.BF16, DType.F16)) {
            try (TinyTraining training = new TinyTraining(engine, "bert", type);
                    AdaptedModel model = training.adapted(0, Set.of(2))) {
                assertThat(training.base.transformer().type()).isEqualTo(type);
                assertThat(model.parameters())
                        .allMatch(parameter -> parameter.value().dtype() == DType.F32);
                // an update that 16 bits would round away
                float[] before = values(model);
                TrainerSettings usual = settings(false);
                TrainerSettings tiny = new TrainerSettings(
                        Optimisers.of(1e-7, 0, 1), usual.schedule(), GROUPING, 0, usual.dropout(), usual.memory(), 42);
                try (TrainingStep steps =
                        new TrainingStep(model, training.data, training.objective, tiny, TinyTraining.TEMPORARY)) {
                    steps.take(0, group(steps), Progress.none());
                }
                float[] after = values(model);
                int moved = 0;
                for (int i = 0; i < before.length; i++) {
                    assertThat(after[i]).isCloseTo(before[i], within(1.1e-6f));
                    moved += after[i] == before[i] ? 0 : 1;
                }
                assertThat(moved).isGreaterThan(before.length / 2);
            }
        }
    }

    private static List<int[]> group(TrainingStep steps) {
        return steps.batches(0).subList(0, 1);
    }

    /** Of the classifier, which learns from the first step on. */
    private static float[] values(AdaptedModel model) {
        return model.values().entrySet().stream()
                .filter(entry -> entry.getKey().endsWith("classifier.weight"))
                .findFirst()
                .map(entry -> entry.getValue().values())
                .orElseThrow();
    }

    @Test
    void gradientsThatOverflowSkipTheStepAndHalveTheScale() {
        try (TinyTraining training = new TinyTraining(engine, "bert", DType.F16);
                AdaptedModel model = training.adapted(0, Set.of(2));
                TrainingStep steps = new TrainingStep(
                        model, training.data, training.objective, settings(false), TinyTraining.TEMPORARY)) {
            assertThat(steps.state().lossScale()).isEqualTo(LossScale.INITIAL);
            // a scale that no float16 holds
            OptimiserState begun = steps.state();
            steps.restore(new OptimiserState(begun.updates(), begun.means(), new LossScale(1L << 40, 7)));
            float[] before = values(model);
            TrainingStep.Taken skipped = steps.take(0, group(steps), Progress.none());
            assertThat(skipped.gradNorm()).isNotFinite();
            assertThat(skipped.loss()).isFinite();
            assertThat(skipped.broken()).isFalse();
            assertThat(skipped.learningRate()).isZero();
            assertThat(values(model)).containsExactly(before);
            assertThat(steps.state().updates()).isZero();
            assertThat(steps.state().lossScale()).isEqualTo(new LossScale(1L << 39, 0));

            steps.restore(begun);
            double scaled = steps.take(0, group(steps), Progress.none()).gradNorm();
            assertThat(steps.state().updates()).isEqualTo(1);
            assertThat(values(model)).isNotEqualTo(before);
            try (TinyTraining wide = new TinyTraining(engine, "bert", DType.F32);
                    AdaptedModel same = wide.adapted(0, Set.of(2));
                    TrainingStep plain = new TrainingStep(
                            same, wide.data, wide.objective, settings(false), TinyTraining.TEMPORARY)) {
                assertThat(plain.take(0, group(plain), Progress.none()).gradNorm())
                        .isCloseTo(scaled, within(0.01 * scaled));
            }
        }
    }
}
