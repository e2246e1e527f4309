package org.layerwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.OutOfMemoryErrors;
import org.layerwise.tensor.TensorEngine;

/** A step whose pieces do not fit into memory is computed in smaller ones: same losses, same norms, one remark each time. */
class OutOfMemoryTest {

    private static final TrainerSettings.Memory PLAIN = new TrainerSettings.Memory(false, 0);
    /** More than any machine has: libtorch itself refuses it. */
    private static final long TOO_MUCH = 1L << 50;

    private final TensorEngine engine = Engines.shared();
    private final int liveBefore = engine.liveTensors();

    @AfterEach
    void nothingIsLeft() {
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    /** Progress that uses up the memory at its calls {@code first}, {@code first + every} and so on, {@code times} times. */
    private Progress full(int first, int every, int times) {
        return new Progress() {
            private int calls;

            @Override
            public void report(double share, String message) {
                // nobody looks
            }

            @Override
            public boolean cancelled() {
                calls++;
                if (calls >= first && (calls - first) % every == 0 && (calls - first) / every < times) {
                    engine.zeros(DType.F32, Device.CPU, TOO_MUCH);
                }
                return false;
            }
        };
    }

    private TinyTraining.Heard train(TinyTraining training, int rows, boolean checkpointing, Progress progress) {
        return train(
                training,
                new TrainerSettings.Grouping(rows, 1, false),
                checkpointing ? new TrainerSettings.Memory(true, 0) : PLAIN,
                progress);
    }

    private TinyTraining.Heard train(
            TinyTraining training,
            TrainerSettings.Grouping grouping,
            TrainerSettings.Memory memory,
            Progress progress) {
        TinyTraining.Heard heard = new TinyTraining.Heard();
        TrainerSettings settings = TinyTraining.settings(3, grouping, 0, memory);
        int layers = training.base.config().layers();
        try (AdaptedModel model = training.adapted(0, Set.of(layers - 2, layers - 1))) {
            new Trainer(model, training.data, training.objective, settings, TinyTraining.TEMPORARY)
                    .train(null, new PauseSwitch(), progress, heard, new EpochListener(step -> {}));
        }
        return heard;
    }

    @ParameterizedTest
    @CsvSource({"2, false", "5, false", "6, true", "8, false", "14, true"})
    void theStepBeginsAnewWithSmallerPieces(int call, boolean checkpointing) {
        try (TinyTraining training = new TinyTraining(engine, "llama", DType.F32)) {
            TinyTraining.Heard expected = train(training, 4, checkpointing, Progress.none());
            TinyTraining.Heard heard = train(training, 4, checkpointing, full(call, 1, 1));
            assertThat(heard.remarks)
                    .singleElement()
                    .asString()
                    .matches(
                            "Memory was used up in step [12]; from here on a step computes at most \\d+ tokens at once\\. .*");
            assertThat(expected.remarks).isEmpty();
            for (int step = 0; step < 3; step++) {
                assertThat(heard.losses.get(step)).isCloseTo(expected.losses.get(step), within(1e-6));
                assertThat(heard.norms.get(step)).isCloseTo(expected.norms.get(step), within(1e-5));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"2, 4, 1, 1000000", "3, 4, 1, 1000000", "9, 2, 3, 0", "14, 2, 3, 0", "20, 2, 3, 1000000"})
    void withKeptOutputsAndAccumulation(int call, int rows, int accumulate, long cache) {
        TrainerSettings.Grouping grouping = new TrainerSettings.Grouping(rows, accumulate, false);
        TrainerSettings.Memory memory = new TrainerSettings.Memory(false, cache);
        try (TinyTraining training = new TinyTraining(engine, "llama", DType.F32)) {
            TinyTraining.Heard expected = train(training, grouping, memory, Progress.none());
            TinyTraining.Heard heard = train(training, grouping, memory, full(call, 1, 1));
            assertThat(heard.remarks)
                    .filteredOn(remark -> remark.startsWith("Memory"))
                    .hasSize(1);
            for (int step = 0; step < 3; step++) {
                assertThat(heard.losses.get(step)).isCloseTo(expected.losses.get(step), within(1e-6));
                assertThat(heard.norms.get(step)).isCloseTo(expected.norms.get(step), within(1e-5));
            }
        }
    }

    @Test
    void piecesBecomeSmallerUntilTheyFit() {
        try (TinyTraining training = new TinyTraining(engine, "llama", DType.F32)) {
            TinyTraining.Heard expected = train(training, 4, false, Progress.none());
            TinyTraining.Heard heard = train(training, 4, false, full(3, 5, 2));
            assertThat(heard.remarks).hasSize(2);
            assertThat(heard.losses.get(2)).isCloseTo(expected.losses.get(2), within(1e-6));
        }
    }

    @Test
    void aRowThatDoesNotFitIsAnError() {
        try (TinyTraining training = new TinyTraining(engine, "llama", DType.F32)) {
            assertThatThrownBy(() -> train(training, 1, false, full(3, 1, 1)))
                    .matches(OutOfMemoryErrors::isCause, "tells of the memory");
        }
    }
}
