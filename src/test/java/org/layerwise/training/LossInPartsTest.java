package org.layerwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.layerwise.base.Progress;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.data.batch.Batch;
import org.layerwise.data.batch.Piece;
import org.layerwise.model.LanguageModelHead;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.input.ModelInput;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.model.layer.Linear;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.Golden;

/** The loss over a vocabulary so large that only four tokens are computed at a time. */
class LossInPartsTest {

    private static final int VOCABULARY = 1 << 22;
    private static final int WIDTH = 2;

    private final TensorEngine engine = Engines.shared();
    private final int liveBefore = engine.liveTensors();
    private final TokenBatch tokens =
            new TokenBatch(2, 6, new long[] {3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14}, new long[12], ones(12));
    private final Batch batch = FullBatchTraining.batch(tokens);
    private final Objective.NextTokens objective =
            FullBatchTraining.nextTokens(new long[] {3, 4, 5, -100, 7, 8, 9, 10, 11, 12, 13, 14}, tokens);

    @AfterEach
    void nothingIsLeft() {
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    private static long[] ones(int size) {
        long[] ones = new long[size];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static float[] random(int size, long seed) {
        Random random = new Random(seed);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    @Test
    void partsSumUpToTheLossAndItsGradient() {
        try (TransformerModel model =
                TransformerModel.load(engine, Checkpoint.open(Golden.folder("llama")), Device.CPU, Progress.none())) {
            double whole;
            float[] wholeGradient;
            List<Double> parts = new ArrayList<>();
            try (Scope scope = engine.training()) {
                LanguageModelHead head = new LanguageModelHead(
                        new Linear("lm_head", engine.of(random(VOCABULARY * WIDTH, 1), VOCABULARY, WIDTH), null, null),
                        1,
                        0);
                ModelInput input = model.input(tokens);
                float[] values = random(tokens.size() * tokens.length() * WIDTH, 2);
                Tensor hidden =
                        engine.of(values, tokens.size(), tokens.length(), WIDTH).requireGradient();
                Tensor loss =
                        objective.smoothed(0.1).loss(head, hidden, input, Piece.of(batch), ModelConfig.Dropout.NONE);
                loss.backward();
                whole = loss.item();
                wholeGradient = hidden.gradient().floats();

                Tensor again =
                        engine.of(values, tokens.size(), tokens.length(), WIDTH).requireGradient();
                objective
                        .smoothed(0.1)
                        .eachPart(head, again, input, Piece.of(batch), ModelConfig.Dropout.NONE, part -> {
                            part.backward();
                            parts.add(part.item());
                        });
                assertThat(again.gradient().floats()).containsExactly(wholeGradient, Offset.offset(1e-6f));
            }
            assertThat(parts).hasSize(3);
            assertThat(parts.stream().mapToDouble(Double::doubleValue).sum()).isCloseTo(whole, within(1e-5));
        }
    }
}
