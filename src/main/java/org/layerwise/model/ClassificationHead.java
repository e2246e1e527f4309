package org.layerwise.model;

import java.util.List;
import java.util.function.UnaryOperator;
import org.layerwise.tensor.Tensor;

/**
 * BERT's head for sequence classification and regression (HuggingFace's {@code BertPooler} and the {@code classifier} of
 * {@code BertForSequenceClassification}): {@code classifier(dropout(tanh(pooler(first token))))}.
 *
 * @param pooler {@code hidden} to {@code hidden}
 * @param classifier {@code hidden} to {@code labels}; one label for regression
 */
public record ClassificationHead(Linear pooler, Linear classifier) {

    /** The number of outputs. */
    public int labels() {
        return classifier.out();
    }

    /** Logits {@code [batch, labels]} from the last hidden state {@code [batch, sequence, hidden]}. */
    public Tensor logits(Tensor hidden, ModelConfig.Dropout dropout) {
        Tensor pooled = pooler.apply(hidden.select(1, 0)).tanh();
        return classifier.apply(pooled.dropout(dropout.head()));
    }

    /** Its linear maps, input first. */
    public List<Linear> linears() {
        return List.of(pooler, classifier);
    }

    /** The same head with every linear map replaced by what the function makes of it. */
    public ClassificationHead map(UnaryOperator<Linear> change) {
        return new ClassificationHead(change.apply(pooler), change.apply(classifier));
    }
}
