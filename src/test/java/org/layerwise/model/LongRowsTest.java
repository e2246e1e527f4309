package org.layerwise.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.base.Progress;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.model.input.ModelInput;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.Golden;

/** Rows that are long enough for several bands of queries give what a transformer of plain loops gives. */
class LongRowsTest {

    private static final int LENGTH = 1100;
    private static final int SHORTER = 1040;

    private final TensorEngine engine = Engines.shared();
    private final int liveBefore = engine.liveTensors();

    @AfterEach
    void nothingIsLeft() {
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    /** Places of masked tokens beside the padding on the right. */
    private enum Masked {
        NONE,
        FIRST,
        BETWEEN
    }

    /** Two rows, the second one padded on the right. */
    private static TokenBatch batch(Masked masked) {
        long[] ids = new Random(1).longs(2 * LENGTH, 5, 30).toArray();
        long[] mask = new long[2 * LENGTH];
        Arrays.fill(mask, 0, LENGTH + SHORTER, 1);
        switch (masked) {
            case NONE -> {}
            case FIRST -> Arrays.fill(mask, LENGTH, LENGTH + 40, 0);
            case BETWEEN -> Arrays.fill(mask, 500, 530, 0);
        }
        return new TokenBatch(2, LENGTH, ids, new long[2 * LENGTH], mask, null);
    }

    @ParameterizedTest
    @CsvSource({
        "mistral_window, NONE",
        "qwen3_window, NONE",
        "gemma2, NONE",
        "mistral_window, FIRST",
        "gemma2, FIRST",
        "mistral_window, BETWEEN",
        "gemma2, BETWEEN"
    })
    void hiddenStatesOfDecoders(String fixture, Masked masked) {
        TokenBatch batch = batch(masked);
        try (Checkpoint checkpoint = Checkpoint.open(Golden.folder(fixture));
                TransformerModel model = TransformerModel.load(
                        engine, Checkpoint.open(Golden.folder(fixture)), Device.CPU, Progress.none());
                Scope scope = engine.inference()) {
            List<double[]> states = PlainTransformer.hiddenStates(
                    checkpoint, new PlainTransformer.Tokens(2, LENGTH, batch.ids(), batch.typeIds(), batch.mask()));
            double[] expected = states.get(states.size() - 1);
            double[] actual = model.transformer().forward(model.input(batch)).doubles();
            int width = actual.length / (2 * LENGTH);
            for (int i = 0; i < actual.length; i++) {
                if (batch.mask()[i / width] == 1) {
                    assertThat(actual[i]).as("element %d", i).isCloseTo(expected[i], within(2e-4));
                }
            }
        }
    }

    @Test
    void theFirstTokenAlone() {
        try (TransformerModel model = TransformerModel.load(
                        engine, Checkpoint.open(Golden.folder("modernbert")), Device.CPU, Progress.none());
                Scope scope = engine.inference()) {
            ModelInput input = model.input(batch(Masked.NONE));
            Tensor all = model.transformer().forward(input).slice(1, 0, 1);
            Tensor first = model.transformer().firstTokens().forward(input);
            assertThat(first.sub(all).abs().max().item()).isCloseTo(0, within(1e-5));
        }
    }
}
