package org.layerwise.analysis.gradient;

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
import org.layerwise.tensor.Tensor;

/**
 * Loss of each example, whose gradients are computed. It does not depend on the other examples in the batch. The mean
 * over all examples is the loss that {@code train} and {@code evaluate} compute for the same rows.
 */
public sealed interface ExampleLoss {

    /**
     * Returns the sum of the losses of a batch's examples: a scalar in float32.
     *
     * @param hidden input of heads, {@code [batch, sequence, hidden]}
     */
    Tensor sum(Tensor hidden, ModelInput input, Batch batch);

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
            long[] wanted = Arrays.stream(batch.rows()).mapToLong(labels::of).toArray();
            Tensor classes = input.engine().of(wanted, wanted.length).to(hidden.device());
            return head.logits(hidden, input, ModelConfig.Dropout.NONE)
                    .crossEntropy(classes)
                    .mul(wanted.length);
        }
    }

    /** Squared difference from the example's number. */
    record OfNumber(ClassificationHead head, Labels.Numbers labels) implements ExampleLoss {
        @Override
        public Tensor sum(Tensor hidden, ModelInput input, Batch batch) {
            int[] rows = batch.rows();
            float[] wanted = new float[rows.length];
            for (int i = 0; i < rows.length; i++) {
                wanted[i] = (float) labels.of(rows[i]);
            }
            Tensor numbers = input.engine().of(wanted, wanted.length).to(hidden.device());
            return head.logits(hidden, input, ModelConfig.Dropout.NONE)
                    .reshape(-1)
                    .sub(numbers)
                    .square()
                    .sum();
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

        /**
         * Returns the loss for all rows of some data.
         *
         * @throws UserException if a row has no token to predict
         */
        static OfNextTokens of(LanguageModelHead head, Labels.TokenLabels labels, TokenizedDataset data) {
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
            int length = batch.tokens().length();
            long[] wanted = labels.padded(batch.rows(), length);
            long[] learnt = IntStream.range(0, wanted.length)
                    .filter(at -> at % length != 0 && wanted[at] != Labels.IGNORED)
                    .mapToLong(at -> at)
                    .toArray();
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
                    .sum()
                    .mul(-tokenShare);
        }

        @Override
        public double[] tokens(int rows) {
            return IntStream.range(0, rows).mapToDouble(labels::predicted).toArray();
        }

        private static Tensor numbers(Tensor hidden, ModelInput input, long[] values) {
            return input.engine().of(values, values.length).to(hidden.device());
        }
    }
}
