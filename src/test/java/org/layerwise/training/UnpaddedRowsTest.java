package org.layerwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.data.Labels;
import org.layerwise.data.TokenRow;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.TensorEngine;

/** Models whose rotary positions adapt to the length: a row has the loss that it has alone, whatever rows share its batch. */
class UnpaddedRowsTest {

    private static final Set<Integer> LAYERS = Set.of(1);

    @TempDir
    Path scratch;

    private final TensorEngine engine = Engines.shared();
    private final int liveBefore = engine.liveTensors();

    @AfterEach
    void nothingIsLeft() {
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    /** Twelve rows of 4 to 14 tokens; both models were trained on 8. All tokens but the first are learnt. */
    private static final TokenizedDataset ROWS = rows();

    private static final Objective OBJECTIVE = new Objective.NextTokens((Labels.TokenLabels) ROWS.labels());

    private static TokenizedDataset rows() {
        long[][] ids = IntStream.range(0, 12)
                .mapToObj(row -> LongStream.range(0, 4 + row * 3 % 11)
                        .map(token -> (row * 7 + token * token * 5) % 60 + 3)
                        .toArray())
                .toArray(long[][]::new);
        List<TokenRow> rows =
                Arrays.stream(ids).map(row -> new TokenRow(row, null)).toList();
        return new TokenizedDataset("rows", rows, new Labels.TokenLabels(ids), 0, 14);
    }

    private static double[] rowLosses(TinyTraining training, Integer rowsPerBatch) {
        try (AdaptedModel model = training.adapted(0, LAYERS)) {
            return new Evaluator()
                    .evaluate(model, ROWS, OBJECTIVE, rowsPerBatch, Progress.none())
                    .rowLosses();
        }
    }

    private Trainer trainer(AdaptedModel model, TrainerSettings settings) {
        return new Trainer(model, ROWS, OBJECTIVE, settings, scratch);
    }

    private TinyTraining.Heard train(TinyTraining training, TrainerSettings settings) {
        TinyTraining.Heard heard = new TinyTraining.Heard();
        try (AdaptedModel model = training.adapted(0, LAYERS)) {
            trainer(model, settings)
                    .train(null, new PauseSwitch(), Progress.none(), heard, new EpochListener(step -> {}));
        }
        return heard;
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama_dynamic", "phi3_longrope"})
    void evaluationsOfAnyBatchSizeAgree(String fixture) {
        try (TinyTraining training = new TinyTraining(engine, fixture, DType.F32)) {
            double[] alone = rowLosses(training, 1);
            assertThat(rowLosses(training, 8)).containsExactly(alone, within(2e-6));
            assertThat(rowLosses(training, 1000)).containsExactly(alone, within(2e-6));
            assertThat(rowLosses(training, null)).containsExactly(alone, within(2e-6));
        }
    }

    /** New adapters change nothing, so the first step has the losses of the model itself. */
    @ParameterizedTest
    @CsvSource({
        "llama_dynamic, 4, 2, false, 0",
        "llama_dynamic, 8, 1, true, 0",
        "phi3_longrope, 4, 2, false, 0",
        "llama_dynamic, 4, 2, false, 1000000",
        "phi3_longrope, 8, 1, true, 1000000"
    })
    void aStepHasTheMeanLossOfItsRowsAlone(String fixture, int rows, int accumulate, boolean byLength, long cache) {
        try (TinyTraining training = new TinyTraining(engine, fixture, DType.F32)) {
            TrainerSettings settings = TinyTraining.settings(
                    10,
                    new TrainerSettings.Grouping(rows, accumulate, byLength),
                    0,
                    new TrainerSettings.Memory(false, cache));
            double[] alone = rowLosses(training, 1);
            int[] first = StepOrder.of(ROWS, settings).get(0);
            long tokens = OBJECTIVE.weight(first);
            double expected = Arrays.stream(first)
                            .mapToDouble(row -> alone[row] * OBJECTIVE.weight(new int[] {row}))
                            .sum()
                    / tokens;

            TinyTraining.Heard heard = train(training, settings);

            assertThat(heard.losses.get(0)).isCloseTo(expected, within(2e-6));
            assertThat(heard.losses).hasSize(10);
            if (cache > 0) {
                assertThat(heard.remarks)
                        .anyMatch(remark -> remark.startsWith("The outputs of the layers below layer 1"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama_dynamic", "phi3_longrope"})
    void aStepIsTheSameInBatchesOfOneRow(String fixture) {
        try (TinyTraining training = new TinyTraining(engine, fixture, DType.F32)) {
            int all = ROWS.size();
            TinyTraining.Heard together = train(training, settings(all, 1));
            TinyTraining.Heard apart = train(training, settings(1, all));
            IntStream.range(0, 3).forEach(step -> {
                assertThat(together.losses.get(step)).isCloseTo(apart.losses.get(step), within(3e-6));
                assertThat(together.norms.get(step)).isCloseTo(apart.norms.get(step), within(3e-5));
            });
        }
    }

    @Test
    void aResumedTrainingGoesOnToTheLastBit() {
        try (TinyTraining training = new TinyTraining(engine, "llama_dynamic", DType.F32)) {
            TrainerSettings settings = TinyTraining.settings(
                    8, new TrainerSettings.Grouping(4, 2, false), 0.1, TrainerSettings.Memory.DEFAULTS);
            TinyTraining.Heard whole = train(training, settings);
            TinyTraining.Heard parts = new TinyTraining.Heard();
            AtomicReference<TrainerState> middle = new AtomicReference<>();
            try (AdaptedModel model = training.adapted(0, LAYERS)) {
                trainer(model, settings)
                        .train(null, new PauseSwitch(), Progress.none(), parts, new Interrupted(middle::set));
            }
            try (AdaptedModel model = training.adapted(0, LAYERS)) {
                trainer(model, settings)
                        .train(middle.get(), new PauseSwitch(), Progress.none(), parts, new EpochListener(step -> {}));
            }
            assertThat(parts.losses).isEqualTo(whole.losses);
            assertThat(parts.norms).isEqualTo(whole.norms);
        }
    }

    private static TrainerSettings settings(int rows, int accumulate) {
        return TinyTraining.settings(
                3, new TrainerSettings.Grouping(rows, accumulate, false), 0, TrainerSettings.Memory.DEFAULTS);
    }
}
