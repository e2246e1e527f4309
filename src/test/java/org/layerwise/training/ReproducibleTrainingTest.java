package org.layerwise.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.TensorEngine;

/** The same seed gives the same losses, and nothing is left of a training. */
class ReproducibleTrainingTest {

    private static final Set<Integer> LAYERS = Set.of(1, 3);

    private final TensorEngine engine = Engines.shared();
    private final int liveBefore = engine.liveTensors();

    @TempDir
    private Path folder;

    @AfterEach
    void nothingIsLeft() {
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    @ParameterizedTest
    @CsvSource({"bert, F32, false", "bert, F32, true", "deberta_v3, F32, true", "llama, F32, true", "bert, BF16, true"})
    void twoTrainingsAreTheSameBitForBit(String fixture, DType type, boolean byLength) {
        try (TinyTraining training = new TinyTraining(engine, fixture, type)) {
            TrainerSettings.Grouping grouping = new TrainerSettings.Grouping(3, 2, byLength);
            TrainerSettings settings = TinyTraining.settings(15, grouping, 0.1, TrainerSettings.Memory.DEFAULTS);
            TinyTraining.Heard first = training.train(settings, 0.1, LAYERS, folder);
            // an engine that computed other things meanwhile
            training.train(TinyTraining.settings(2, grouping, 0.3, settings.memory()), 0.2, Set.of(0), folder);
            TinyTraining.Heard second = training.train(settings, 0.1, LAYERS, folder);
            assertThat(second.losses).hasSize(15).isEqualTo(first.losses);
            assertThat(second.norms).isEqualTo(first.norms);
            TinyTraining.Heard again = training.train(
                    TinyTraining.settings(15, grouping, 0.1, new TrainerSettings.Memory(true, 0)), 0.1, LAYERS, folder);
            assertThat(again.losses).isEqualTo(first.losses);
            assertThat(again.norms).isEqualTo(first.norms);
            TrainerSettings otherSeed = new TrainerSettings(
                    settings.optimiser(),
                    settings.schedule(),
                    settings.batches(),
                    0,
                    settings.dropout(),
                    settings.memory(),
                    43);
            assertThat(training.train(otherSeed, 0.1, LAYERS, folder).losses).isNotEqualTo(first.losses);
        }
    }

    @Test
    void aThousandStepsLeaveNoTensorBehind() {
        try (TinyTraining training = new TinyTraining(engine, "bert", DType.F32);
                AdaptedModel model = training.adapted(0.1, LAYERS)) {
            TrainerSettings.Grouping grouping = new TrainerSettings.Grouping(4, 2, true);
            long overflowing = 20_000; // bytes: some rows in memory, some in the file
            TrainerSettings.Memory[] ways = {
                TrainerSettings.Memory.DEFAULTS,
                new TrainerSettings.Memory(true, 0),
                new TrainerSettings.Memory(false, overflowing),
                new TrainerSettings.Memory(true, overflowing)
            };
            int before = engine.liveTensors();
            for (TrainerSettings.Memory way : ways) {
                double dropout = way.prefixCacheBytes() == 0 ? 0.1 : 0;
                Watched course = new Watched(training, model);
                new Trainer(model, training.data, training.objective, settings(grouping, dropout, way), folder)
                        .train(null, new PauseSwitch(), Progress.none(), TrainingListener.none(), course);
                assertThat(course.last).isEqualTo(course.first);
                assertThat(engine.liveTensors()).isEqualTo(before);
            }
        }
    }

    private static TrainerSettings settings(
            TrainerSettings.Grouping grouping, double dropout, TrainerSettings.Memory memory) {
        return TinyTraining.settings(250, grouping, dropout, memory);
    }

    /** Evaluates and takes states now and then, and counts tensors once everything was seen once and at the end. */
    private static final class Watched implements TrainerCallback {

        private final TinyTraining training;
        private final AdaptedModel model;
        private int first;
        private int last;

        Watched(TinyTraining training, AdaptedModel model) {
            this.training = training;
            this.model = model;
        }

        @Override
        public boolean after(Place place, Supplier<TrainerState> state) {
            if (place.step() % 50 == 0) {
                new Evaluator().evaluate(model, training.data, training.objective, null, Progress.none());
                state.get();
                last = training.engine.liveTensors();
                first = first == 0 ? last : first;
            }
            return true;
        }

        @Override
        public void cancelled(Supplier<TrainerState> state) {
            throw new AssertionError("nobody cancels");
        }

        @Override
        public Optional<Path> lastCheckpoint() {
            return Optional.empty();
        }
    }
}
