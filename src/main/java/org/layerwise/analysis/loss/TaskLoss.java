package org.layerwise.analysis.loss;

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
 * Loss of a task, chosen by the data and the model.
 *
 * @param trained false if a part of the head was newly initialised, so that the loss means little
 */
public record TaskLoss(ExampleLoss loss, boolean trained) {

    /**
     * Returns the loss that follows from the data's labels: classification or regression with the checkpoint's head or a
     * newly initialised one; next-token prediction for rows with token labels or without labels.
     *
     * @param holder owner of the head's weights
     * @param seed seed of a newly initialised head
     * @param need subject of a message, such as {@code Gradients need}
     * @throws UserException if the labels do not fit the checkpoint's head, or the data of an encoder has none
     */
    public static TaskLoss of(
            TransformerModel model, TokenizedDataset data, TensorOwner holder, long seed, String need) {
        Labels labels = data.labels();
        if (labels instanceof Labels.Classes classes) {
            // a head may have more classes than these rows contain
            int outputs = Math.max(outputs(classes), model.storedLabels().orElse(0));
            LoadedHead head = model.head(holder, outputs, seed);
            return new TaskLoss(
                    new ExampleLoss.OfClass(head.head(), classes), head.fresh().isEmpty());
        }
        if (labels instanceof Labels.Numbers numbers) {
            LoadedHead head = model.head(holder, 1, seed);
            return new TaskLoss(
                    new ExampleLoss.OfNumber(head.head(), numbers), head.fresh().isEmpty());
        }
        if (!model.description().names().has(Module.LANGUAGE_MODEL)) {
            throw new UserException(
                    "%s labels: %s has none, and %s, an encoder, predicts no tokens; name the column of the labels."
                            .formatted(need, data.name(), model.checkpoint().name()));
        }
        return new TaskLoss(
                ExampleLoss.OfNextTokens.of(model.languageModelHead(holder), data.nextTokens(), data), true);
    }

    /**
     * Returns the loss of a trained head, on the classes, numbers or tokens of the data.
     *
     * @throws UserException if the labels do not fit the head, or there are none
     */
    public static TaskLoss of(TokenizedDataset data, OutputHead head) {
        Labels labels = data.labels();
        if (head instanceof LanguageModelHead predictor) {
            return new TaskLoss(ExampleLoss.OfNextTokens.of(predictor, data.nextTokens(), data), true);
        }
        ClassificationHead classifier = (ClassificationHead) head;
        if (labels instanceof Labels.Classes classes && classes.count() <= classifier.labels()) {
            return new TaskLoss(new ExampleLoss.OfClass(classifier, classes), true);
        }
        if (labels instanceof Labels.Numbers numbers && classifier.labels() == 1) {
            return new TaskLoss(new ExampleLoss.OfNumber(classifier, numbers), true);
        }
        throw new UserException(
                "The adapter's head has %s %s, and the labels of %s do not fit it; name the data that it was trained for."
                        .formatted(classifier.labels(), classifier.labels() == 1 ? "output" : "outputs", data.name()));
    }

    /** Returns the number of outputs that classes need: at least two. */
    public static int outputs(Labels.Classes classes) {
        return Math.max(2, classes.count());
    }
}
