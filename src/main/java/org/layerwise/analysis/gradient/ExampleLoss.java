package org.layerwise.analysis.gradient;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.data.Batch;
import org.layerwise.data.Labels;
import org.layerwise.model.ClassificationHead;
import org.layerwise.model.LanguageModelHead;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.input.ModelInput;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Tensor;

/** The loss of each example, of which gradients are taken. An example's loss does not depend on the others in its batch. */
public sealed interface ExampleLoss {

    /**
     * The losses of a batch's examples, added up: a scalar in float32.
     *
     * @param hidden what heads read, {@code [batch, sequence, hidden]}
     * @throws UserException if an example has no loss
     */
    Tensor sum(Tensor hidden, ModelInput input, Batch batch);

    /** The cross-entropy of the example's class. */
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

    /** The squared difference from the example's number. */
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
     * The mean cross-entropy of the example's tokens given those before them, as a causal language model of HuggingFace gives
     * it for a batch of this example alone.
     *
     * @param labels which tokens count; null for all but the first
     * @param data the data's name, for messages
     */
    record OfNextTokens(LanguageModelHead head, Labels.@Nullable TokenLabels labels, String data)
            implements ExampleLoss {

        @Override
        public Tensor sum(Tensor hidden, ModelInput input, Batch batch) {
            Wanted wanted = wanted(batch);
            Tensor places =
                    input.engine().of(wanted.places(), wanted.places().length).to(hidden.device());
            Tensor tokens = input.engine()
                    .of(wanted.tokens(), wanted.tokens().length, 1)
                    .to(hidden.device());
            Tensor shares = input.engine()
                    .of(wanted.shares(), wanted.shares().length, 1)
                    .to(hidden.device());
            // logits of the tokens that count only: those of all may be larger than the model
            Tensor logits = head.logits(hidden.reshape(-1, hidden.size(-1)).indexSelect(0, places));
            return logits.cast(DType.F32)
                    .logSoftmax(-1)
                    .gather(1, tokens)
                    .mul(shares)
                    .sum()
                    .neg();
        }

        /**
         * The tokens that are predicted.
         *
         * @param places of the tokens before them in the flattened batch
         * @param shares of each in its example's mean
         */
        private record Wanted(long[] places, long[] tokens, float[] shares) {}

        private Wanted wanted(Batch batch) {
            TokenBatch tokens = batch.tokens();
            int[] rows = batch.rows();
            int length = tokens.length();
            long[] wanted = labels == null ? tokens.ids() : labels.padded(rows, length);
            long[] places = new long[rows.length * length];
            float[] shares = new float[places.length];
            int count = 0;
            for (int row = 0; row < rows.length; row++) {
                int first = count;
                for (int at = row * length + 1; at < (row + 1) * length; at++) {
                    if (tokens.mask()[at] == 1 && wanted[at] != Labels.IGNORED) {
                        places[count++] = at - 1;
                    }
                }
                if (count == first) {
                    throw new UserException(
                            "Row %s of %s has no token to predict, so it has no loss; leave it out, or raise the maximum length if its answer was cut off."
                                    .formatted(rows[row] + 1, data));
                }
                Arrays.fill(shares, first, count, 1f / (count - first));
            }
            long[] before = Arrays.copyOf(places, count);
            long[] targets =
                    Arrays.stream(before).map(place -> wanted[(int) place + 1]).toArray();
            return new Wanted(before, targets, Arrays.copyOf(shares, count));
        }
    }
}
