package org.layerwise.study.evaluation;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.model.LoadedHead;
import org.layerwise.model.OutputHead;
import org.layerwise.model.TaskModel;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.config.ModuleNames;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.ClassNames;
import org.layerwise.study.model.OpenModel;
import org.layerwise.tensor.TensorOwner;
import org.layerwise.training.TaskKind;

/**
 * Open model with the head of a task, its own or an adapter's. Closing it frees the head and the adapter, not the model.
 *
 * @param classNames names of the head's classes; empty if there are none
 * @param remarks sentences that a reader of results must know
 * @param closing frees the head or the adapter
 */
record MeasuredModel(TaskModel model, List<String> classNames, List<String> remarks, Runnable closing)
        implements AutoCloseable {

    /**
     * Opens the head.
     *
     * @param adapter folder of a PEFT adapter; null for the checkpoint's own head
     * @param task task of the model; null for a classifier if the checkpoint has one, otherwise for its language-model head
     * @throws UserException if the checkpoint has no such head, or the adapter does not fit
     */
    static MeasuredModel open(
            Workbench workbench, OpenModel open, @Nullable Path adapter, @Nullable TaskKind task, Progress progress) {
        TransformerModel model = open.model();
        if (adapter != null) {
            AdaptedModel adapted = AdaptedModel.load(
                    model, PeftAdapter.read(adapter, workbench.engine(), progress), 0, progress.part(0, 0));
            try {
                List<String> names = adapted.labels().isPresent()
                        ? ClassNames.of(adapter, model, adapted.labels().getAsInt())
                        : List.of();
                return new MeasuredModel(
                        adapted, names, adapted.remark().stream().toList(), adapted::close);
            } catch (RuntimeException e) {
                adapted.close();
                throw e;
            }
        }
        TensorOwner owner = workbench.engine().owner();
        try {
            TaskModel own = new TaskModel.Plain(model, ownHead(open, task, owner));
            return new MeasuredModel(own, model.config().labels().names(), List.of(), owner::close);
        } catch (RuntimeException e) {
            owner.close();
            throw e;
        }
    }

    private static OutputHead ownHead(OpenModel open, @Nullable TaskKind task, TensorOwner owner) {
        TransformerModel model = open.model();
        boolean decoder = model.description().names().has(ModuleNames.Module.LANGUAGE_MODEL);
        boolean classifies = model.storedLabels().isPresent();
        if (task == TaskKind.CAUSAL_LM || task == null && !classifies && decoder) {
            return model.languageModelHead(owner);
        }
        int labels = model.storedLabels()
                .orElseThrow(() -> new UserException(
                        "%s has no classification head to evaluate; train one and name it with --adapter."
                                .formatted(open.card().folder())));
        LoadedHead head = model.head(owner, labels, 0);
        if (!head.fresh().isEmpty()) {
            throw new UserException("%s lacks %s, so its classification head cannot be evaluated; name an adapter."
                    .formatted(open.card().folder(), String.join(", ", head.fresh())));
        }
        return head.head();
    }

    @Override
    public void close() {
        closing.run();
    }
}
