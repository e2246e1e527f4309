package org.layerwise.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.input.ModelInput;
import org.layerwise.model.layer.Linear;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Tensor;

/**
 * Head for sequence classification and regression, as in the family's {@code XxxForSequenceClassification} in
 * HuggingFace: {@code classifier(dropout(norm(activation(dense(dropout(pooled))))))}, with those of these parts that
 * the family has. The head computes in float32.
 *
 * @param dense {@code hidden} to {@code hidden}, or null
 * @param norm normalisation after the dense layer, or null
 * @param classifier {@code hidden} to {@code labels}; one label for regression
 */
public record ClassificationHead(
        ModelConfig.Head shape, @Nullable Linear dense, @Nullable HeadNorm norm, Linear classifier)
        implements OutputHead {

    /** Returns the number of outputs. */
    public int labels() {
        return classifier.out();
    }

    @Override
    public Transformer feeding(Transformer transformer) {
        return shape.pooling() == ModelConfig.Head.Pooling.FIRST ? transformer.firstTokens() : transformer;
    }

    /** Returns the logits {@code [batch, labels]} for the transformer's output {@code [batch, sequence, hidden]}. */
    public Tensor logits(Tensor hidden, ModelInput input, ModelConfig.Dropout dropout) {
        boolean late = shape.pooling() == ModelConfig.Head.Pooling.MEAN_OF_LOGITS;
        Tensor logits = tokenLogits((late ? hidden : pooled(shape.pooling(), hidden, input)).cast(DType.F32), dropout);
        return late ? mean(logits, input) : logits;
    }

    private Tensor tokenLogits(Tensor pooled, ModelConfig.Dropout dropout) {
        Tensor x = pooled;
        if (dense != null && shape.dense() != null) {
            x = shape.dense().apply(dense.apply(x.dropout(dropout.headInput())));
        }
        if (norm != null) {
            x = x.layerNorm(norm.weight(), norm.bias(), norm.epsilon());
        }
        return classifier.apply(x.dropout(dropout.head()));
    }

    /**
     * Returns the vectors {@code [batch, hidden]} that stand for the rows.
     *
     * @param pooling pooling before the classifier, not {@link ModelConfig.Head.Pooling#MEAN_OF_LOGITS}
     * @param hidden {@code [batch, sequence, hidden]}
     */
    public static Tensor pooled(ModelConfig.Head.Pooling pooling, Tensor hidden, ModelInput input) {
        return switch (pooling) {
            case FIRST -> hidden.select(1, 0);
            case LAST ->
                hidden.gather(1, input.lastTokens().reshape(-1, 1, 1).expand(-1, 1, hidden.size(2)))
                        .select(1, 0);
            case MEAN -> mean(hidden, input);
            case MEAN_OF_LOGITS -> throw new IllegalStateException("the head reads all tokens");
        };
    }

    /** Returns the mean over the tokens of a row that are no padding. */
    private static Tensor mean(Tensor tokens, ModelInput input) {
        Tensor weights = input.mask().cast(tokens.dtype());
        return tokens.mul(weights.reshape(tokens.size(0), tokens.size(1), 1))
                .sum(1, false)
                .div(weights.sum(1, true));
    }

    /** Returns the linear maps of this head, input first. */
    public List<Linear> linears() {
        List<Linear> linears = new ArrayList<>();
        if (dense != null) {
            linears.add(dense);
        }
        linears.add(classifier);
        return List.copyOf(linears);
    }

    /** Returns this head with every linear map and norm replaced by the result of a function. */
    public ClassificationHead map(UnaryOperator<Linear> change, UnaryOperator<HeadNorm> changeNorm) {
        return new ClassificationHead(
                shape,
                dense == null ? null : change.apply(dense),
                norm == null ? null : changeNorm.apply(norm),
                change.apply(classifier));
    }
}
