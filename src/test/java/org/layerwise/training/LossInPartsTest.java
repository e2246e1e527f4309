package org.layerwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.Progress;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.data.Labels;
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

/** The loss at once and in parts of four tokens, each against the same in float64. */
class LossInPartsTest {

    private static final int WIDTH = 2;
    private static final double SMOOTHING = 0.1;

    /** Half of the distance between two numbers of float32 at 1. */
    private static final double UNIT = Math.pow(2, -24);

    private final TensorEngine engine = Engines.shared();
    private final int liveBefore = engine.liveTensors();
    private final TokenBatch tokens =
            new TokenBatch(2, 6, new long[] {3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14}, new long[12], ones(12));
    private final Batch batch = FullBatchTraining.batch(tokens);

    /** The tokens after each place; the first of a row is predicted by none. */
    private static final long[] LABELS = {3, 4, 5, -100, 7, 8, 9, 10, 11, 12, 13, 14};

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

    @ParameterizedTest
    @ValueSource(ints = {32_000, 262_144})
    void bothAreTheLossAndItsGradient(int vocabulary) {
        float[] weights = random(vocabulary * WIDTH, 1);
        float[] values = random(tokens.size() * tokens.length() * WIDTH, 2);
        Expected expected = Expected.of(weights, values, tokens.length());
        Objective objective = new Objective.NextTokens(
                        new Labels.TokenLabels(new long[][] {
                            Arrays.copyOf(LABELS, tokens.length()),
                            Arrays.copyOfRange(LABELS, tokens.length(), LABELS.length)
                        }),
                        0,
                        4L * vocabulary)
                .smoothed(SMOOTHING);
        try (TransformerModel model =
                TransformerModel.load(engine, Checkpoint.open(Golden.folder("llama")), Device.CPU, Progress.none())) {
            try (Scope scope = engine.training()) {
                LanguageModelHead head = new LanguageModelHead(
                        new Linear("lm_head", engine.of(weights, vocabulary, WIDTH), null, null), 1, 0);
                ModelInput input = model.input(tokens);
                Tensor hidden =
                        engine.of(values, tokens.size(), tokens.length(), WIDTH).requireGradient();
                Tensor loss = objective.loss(head, hidden, input, Piece.of(batch), ModelConfig.Dropout.NONE);
                loss.backward();
                expected.requireClose(loss.item(), hidden.gradient().floats());

                List<Double> parts = new ArrayList<>();
                Tensor again =
                        engine.of(values, tokens.size(), tokens.length(), WIDTH).requireGradient();
                objective.eachPart(head, again, input, Piece.of(batch), ModelConfig.Dropout.NONE, part -> {
                    part.backward();
                    parts.add(part.item());
                });
                assertThat(parts).hasSize(3);
                expected.requireClose(
                        parts.stream().mapToDouble(Double::doubleValue).sum(),
                        again.gradient().floats());
            }
        }
    }

    /**
     * Loss and gradient in float64, and how far those in float32 may be from them on any processor, in whatever order it adds. The
     * error of a sum of n numbers that differ grows with the root of n (Higham and Mary, SIAM Journal on Scientific Computing 41(5),
     * 2019). That of n equal numbers, as smoothing adds one for each token, grows with n, since every addition is rounded in the same
     * direction.
     *
     * @param limits limits for the gradient: the relative one, of the sum of its terms without their signs
     */
    private record Expected(double loss, double lossLimit, double[] gradient, double[] limits) {

        static Expected of(float[] weights, float[] values, int length) {
            int vocabulary = weights.length / WIDTH;
            double relative = (8 * Math.sqrt(vocabulary) + SMOOTHING * vocabulary) * UNIT;
            double[] gradient = new double[values.length];
            double[] limits = new double[values.length];
            double loss = 0;
            long count = IntStream.range(0, LABELS.length)
                    .filter(at -> isLabelled(at, length))
                    .count();
            for (int at = 0; at < LABELS.length; at++) {
                if (!isLabelled(at, length)) {
                    continue;
                }
                int before = (at - 1) * WIDTH;
                double[] logits = new double[vocabulary];
                for (int token = 0; token < vocabulary; token++) {
                    for (int i = 0; i < WIDTH; i++) {
                        logits[token] += (double) weights[token * WIDTH + i] * values[before + i];
                    }
                }
                double sum = Arrays.stream(logits).map(Math::exp).sum();
                double mean = Arrays.stream(logits).sum() / vocabulary;
                double ofLabel = logits[(int) LABELS[at]];
                loss += (Math.log(sum) - (1 - SMOOTHING) * ofLabel - SMOOTHING * mean) / count;
                for (int token = 0; token < vocabulary; token++) {
                    double probability = Math.exp(logits[token]) / sum;
                    double wanted = SMOOTHING / vocabulary + (token == LABELS[at] ? 1 - SMOOTHING : 0);
                    for (int i = 0; i < WIDTH; i++) {
                        double weight = weights[token * WIDTH + i];
                        gradient[before + i] += (probability - wanted) * weight / count;
                        limits[before + i] += relative * (probability + wanted) * Math.abs(weight) / count;
                    }
                }
            }
            return new Expected(loss, relative * loss, gradient, limits);
        }

        private static boolean isLabelled(int at, int length) {
            return at % length != 0 && LABELS[at] >= 0;
        }

        void requireClose(double actual, float[] actualGradient) {
            assertThat(actual).isCloseTo(loss, within(lossLimit));
            for (int i = 0; i < gradient.length; i++) {
                assertThat((double) actualGradient[i]).as("gradient %s", i).isCloseTo(gradient[i], within(limits[i]));
            }
        }
    }
}
