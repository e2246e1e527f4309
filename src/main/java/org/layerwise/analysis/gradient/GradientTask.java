package org.layerwise.analysis.gradient;

import java.util.Optional;
import org.layerwise.base.UserException;
import org.layerwise.data.Labels;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.ClassificationHead;
import org.layerwise.model.LanguageModelHead;
import org.layerwise.model.LoadedHead;
import org.layerwise.model.OutputHead;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.config.ModuleNames.Module;
import org.layerwise.tensor.TensorOwner;

/**
 * Loss whose gradients are computed, chosen by the data and the model.
 *
 * @param remark one sentence that a reader of the values must know; empty if there is none
 */
public record GradientTask(ExampleLoss loss, Optional<String> remark) {

    /**
     * Returns the task that follows from the data's labels: classification or regression with the checkpoint's head or
     * a newly initialised one; next-token prediction for rows with token labels or without labels.
     *
     * @param holder owner of the head's weights
     * @param seed seed of a newly initialised head
     * @throws UserException if the labels do not fit the checkpoint's head, or the data of an encoder has none
     */
    public static GradientTask of(TransformerModel model, TokenizedDataset data, TensorOwner holder, long seed) {
        Labels labels = data.labels();
        if (labels instanceof Labels.Classes classes) {
            // a head may have more classes than these rows contain
            int needed = Math.max(2, classes.count());
            int outputs = Math.max(needed, model.storedLabels().orElse(needed));
            LoadedHead head = model.head(holder, outputs, seed);
            return new GradientTask(new ExampleLoss.OfClass(head.head(), classes), remark(model, head, seed));
        }
        if (labels instanceof Labels.Numbers numbers) {
            LoadedHead head = model.head(holder, 1, seed);
            return new GradientTask(new ExampleLoss.OfNumber(head.head(), numbers), remark(model, head, seed));
        }
        if (!model.description().names().has(Module.LANGUAGE_MODEL)) {
            throw new UserException(
                    "Gradients need labels: %s has none, and %s, an encoder, predicts no tokens; name the column of the labels."
                            .formatted(data.name(), model.checkpoint().name()));
        }
        return ofNextTokens(data, model.languageModelHead(holder));
    }

    /**
     * Returns the task of a trained head, on the classes, numbers or tokens of the data.
     *
     * @throws UserException if the labels do not fit the head, or there are none
     */
    public static GradientTask of(TransformerModel model, TokenizedDataset data, OutputHead head) {
        Labels labels = data.labels();
        if (head instanceof LanguageModelHead predictor) {
            return ofNextTokens(data, predictor);
        }
        ClassificationHead classifier = (ClassificationHead) head;
        if (labels instanceof Labels.Classes classes && classes.count() <= classifier.labels()) {
            return new GradientTask(new ExampleLoss.OfClass(classifier, classes), Optional.empty());
        }
        if (labels instanceof Labels.Numbers numbers && classifier.labels() == 1) {
            return new GradientTask(new ExampleLoss.OfNumber(classifier, numbers), Optional.empty());
        }
        throw new UserException(
                "The adapter's head has %s %s, and the labels of %s do not fit it; name the data that it was trained for."
                        .formatted(classifier.labels(), classifier.labels() == 1 ? "output" : "outputs", data.name()));
    }

    private static GradientTask ofNextTokens(TokenizedDataset data, LanguageModelHead head) {
        return new GradientTask(
                ExampleLoss.OfNextTokens.of(head, data.nextTokens(), data),
                Optional.of("The gradients are those of the mean loss over all learnt tokens, which train follows."));
    }

    private static Optional<String> remark(TransformerModel model, LoadedHead head, long seed) {
        return head.fresh().isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "%s has no trained head for this task, so the gradients depend on the random one made with seed %s."
                                .formatted(model.checkpoint().name(), seed));
    }
}
