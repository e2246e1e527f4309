package org.layerwise.analysis.gradient;

import java.util.Optional;
import org.layerwise.analysis.loss.ExampleLoss;
import org.layerwise.analysis.loss.TaskLoss;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.OutputHead;
import org.layerwise.model.TransformerModel;
import org.layerwise.tensor.TensorOwner;

/**
 * Loss whose gradients are computed, chosen by the data and the model.
 *
 * @param remark one sentence that a reader of the values must know; empty if there is none
 */
public record GradientTask(ExampleLoss loss, Optional<String> remark) {

    /**
     * Returns the task that follows from the data's labels, as {@link TaskLoss} does.
     *
     * @param holder owner of the head's weights
     * @param seed seed of a newly initialised head
     * @throws org.layerwise.base.UserException if the labels do not fit the checkpoint's head, or the data of an encoder
     *     has none
     */
    public static GradientTask of(TransformerModel model, TokenizedDataset data, TensorOwner holder, long seed) {
        TaskLoss task = TaskLoss.of(model, data, holder, seed, "Gradients need");
        return task.trained()
                ? of(task)
                : new GradientTask(
                        task.loss(),
                        Optional.of(
                                "%s has no trained head for this task, so the gradients depend on the random one made with seed %s."
                                        .formatted(model.checkpoint().name(), seed)));
    }

    /**
     * Returns the task of a trained head, on the classes, numbers or tokens of the data.
     *
     * @throws org.layerwise.base.UserException if the labels do not fit the head, or there are none
     */
    public static GradientTask of(TokenizedDataset data, OutputHead head) {
        return of(TaskLoss.of(data, head));
    }

    private static GradientTask of(TaskLoss task) {
        return new GradientTask(
                task.loss(),
                task.loss() instanceof ExampleLoss.OfNextTokens
                        ? Optional.of(
                                "The gradients are those of the mean loss over all learnt tokens, which train follows.")
                        : Optional.empty());
    }
}
