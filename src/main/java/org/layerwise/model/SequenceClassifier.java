package org.layerwise.model;

import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.input.ModelInput;
import org.layerwise.tensor.Tensor;

/** A model with a head that gives one row of outputs an example: classes, or one number for regression. */
public interface SequenceClassifier {

    /** The model under the head. */
    TransformerModel base();

    /** The number of outputs. */
    int labels();

    /** Logits {@code [batch, labels]} without dropout. */
    Tensor logits(ModelInput input);

    /** A model as its checkpoint has it. */
    static SequenceClassifier of(TransformerModel base, ClassificationHead head) {
        return new SequenceClassifier() {
            @Override
            public TransformerModel base() {
                return base;
            }

            @Override
            public int labels() {
                return head.labels();
            }

            @Override
            public Tensor logits(ModelInput input) {
                return head.logits(base.transformer().forward(input), input, ModelConfig.Dropout.NONE);
            }
        };
    }
}
