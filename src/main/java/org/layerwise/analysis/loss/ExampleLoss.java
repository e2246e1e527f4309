package org.layerwise.analysis.loss;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.data.Labels;
import org.layerwise.data.batch.Batch;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.ClassificationHead;
import org.layerwise.model.LanguageModelHead;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.input.ModelInput;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;

/**
 * Loss of each example. It does not depend on the other examples in the batch. The mean over all examples is the loss that
 * {@code train} and {@code evaluate} compute for the same rows.
 */
public sealed interface ExampleLoss {

    /**
     * Returns the sum of the losses of a batch's examples: a scalar in float32.
     *
     * @param hidden input of heads, {@code [batch, sequence, hidden]}
     */
    Tensor sum(Tensor hidden, ModelInput input, Batch batch);

    /**
     * Returns the loss of each example of a batch, in nats or squared units; of a language model the sum over the
     * example's learnt tokens. Sums are computed in float64. It is used without gradients.
     *
     * @param hidden input of heads, {@code [batch, sequence, hidden]}
     */
    double[] each(Tensor hidden, ModelInput input, Batch batch);

    /**
     * Returns the number of tokens of each example, by whose mean over the examples the losses are divided; null if a
     * loss does not depend on other examples.
     *
     * @param rows number of examples
     */
    default double @Nullable [] tokens(int rows) {
        return null;
    }

    /** Cross-entropy of the example's class. */
    record OfClass(ClassificationHead head, Labels.Classes labels) implements ExampleLoss {
        @Override
        public Tensor sum(Tensor hidden, ModelInput input, Batch batch) {
            return head.logits(hidden, input, ModelConfig.Dropout.NONE)
                    .crossEntropy(classes(hidden, input, batch))
                    .mul(batch.rows().length);
        }

        @Override
        public double[] each(Tensor hidden, ModelInput input, Batch batch) {
            return crossEntropies(head.logits(hidden, input, ModelConfig.Dropout.NONE), classes(hidden, input, batch));
        }

        private Tensor classes(Tensor hidden, ModelInput input, Batch batch) {
            return numbers(
                    hidden,
                    input,
                    Arrays.stream(batch.rows()).mapToLong(labels::of).toArray());
        }
    }

    /** Squared difference from the example's number. */
    record OfNumber(ClassificationHead head, Labels.Numbers labels) implements ExampleLoss {
        @Override
        public Tensor sum(Tensor hidden, ModelInput input, Batch batch) {
            return squares(hidden, input, batch).sum();
        }

        @Override
        public double[] each(Tensor hidden, ModelInput input, Batch batch) {
            return squares(hidden, input, batch).cast(DType.F64).doubles();
        }

        private Tensor squares(Tensor hidden, ModelInput input, Batch batch) {
            int[] rows = batch.rows();
            float[] wanted = new float[rows.length];
            for (int i = 0; i < rows.length; i++) {
                wanted[i] = (float) labels.of(rows[i]);
            }
            Tensor numbers = input.engine().of(wanted, wanted.length).to(hidden.device());
            return head.logits(hidden, input, ModelConfig.Dropout.NONE)
                    .reshape(-1)
                    .sub(numbers)
                    .square();
        }
    }

    /**
     * Share of the example in a language model's loss: the sum of the cross-entropies of its learnt tokens given the
     * tokens before them, multiplied by rows / learnt tokens of all data. The mean over the examples is then the mean
     * over all learnt tokens, which is the loss of a training step over these rows.
     *
     * @param labels tokens that count; the first one of a row never does
     * @param tokenShare rows / learnt tokens
     */
    record OfNextTokens(LanguageModelHead head, Labels.TokenLabels labels, double tokenShare) implements ExampleLoss {

        /** Maximum number of logits in memory at a time for losses without gradients. */
        private static final long MOST_LOGITS = 1 << 24;

        /**
         * Returns the loss for all rows of some data.
         *
         * @throws UserException if a row has no token to predict
         */
        public static OfNextTokens of(LanguageModelHead head, Labels.TokenLabels labels, TokenizedDataset data) {
            long learnt = 0;
            for (int row = 0; row < data.size(); row++) {
                long ofRow = labels.predicted(row);
                if (ofRow == 0) {
                    throw new UserException(
                            "Row %s of %s has no token to predict, so it has no loss; leave it out, or raise the maximum length if its answer was cut off."
                                    .formatted(row + 1, data.name()));
                }
                learnt += ofRow;
            }
            return new OfNextTokens(head, labels, (double) data.size() / learnt);
        }

        @Override
        public Tensor sum(Tensor hidden, ModelInput input, Batch batch) {
            long[] wanted = labels.padded(batch.rows(), batch.tokens().length());
            long[] learnt = learnt(wanted, batch);
            return tokenLosses(hidden, input, wanted, learnt).sum().mul(tokenShare);
        }

        @Override
        public double[] each(Tensor hidden, ModelInput input, Batch batch) {
            int length = batch.tokens().length();
            long[] wanted = labels.padded(batch.rows(), length);
            long[] learnt = learnt(wanted, batch);
            double[] sums = new double[batch.rows().length];
            int part = (int) Math.max(1, MOST_LOGITS / head.output().out());
            for (int begin = 0; begin < learnt.length; begin += part) {
                long[] some = Arrays.copyOfRange(learnt, begin, Math.min(learnt.length, begin + part));
                try (Scope scope = input.engine().scope()) {
                    double[] losses = tokenLosses(hidden, input, wanted, some)
                            .cast(DType.F64)
                            .doubles();
                    for (int i = 0; i < some.length; i++) {
                        sums[(int) some[i] / length] += losses[i];
                    }
                }
            }
            return sums;
        }

        /** Returns the places of the learnt tokens in a batch, counted row by row. */
        private static long[] learnt(long[] wanted, Batch batch) {
            int length = batch.tokens().length();
            return IntStream.range(0, wanted.length)
                    .filter(at -> at % length != 0 && wanted[at] != Labels.IGNORED)
                    .mapToLong(at -> at)
                    .toArray();
        }

        /** Returns the cross-entropy of each of some learnt tokens, {@code [learnt, 1]}. */
        private Tensor tokenLosses(Tensor hidden, ModelInput input, long[] wanted, long[] learnt) {
            Tensor before = numbers(
                    hidden, input, Arrays.stream(learnt).map(at -> at - 1).toArray());
            Tensor classes = numbers(
                    hidden,
                    input,
                    Arrays.stream(learnt).map(at -> wanted[(int) at]).toArray());
            // logits of the learnt tokens only: the logits of all tokens may be larger than the model
            Tensor logits = head.logits(hidden.reshape(-1, hidden.size(-1)).indexSelect(0, before));
            return logits.cast(DType.F32)
                    .logSoftmax(-1)
                    .gather(1, classes.reshape(-1, 1))
                    .neg();
        }

        @Override
        public double[] tokens(int rows) {
            return IntStream.range(0, rows).mapToDouble(labels::predicted).toArray();
        }
    }

    /** Returns the cross-entropy of each row of logits {@code [batch, classes]}. */
    private static double[] crossEntropies(Tensor logits, Tensor classes) {
        return logits.cast(DType.F64)
                .logSoftmax(-1)
                .gather(1, classes.reshape(-1, 1))
                .neg()
                .doubles();
    }

    private static Tensor numbers(Tensor hidden, ModelInput input, long[] values) {
        return input.engine().of(values, values.length).to(hidden.device());
    }
}
