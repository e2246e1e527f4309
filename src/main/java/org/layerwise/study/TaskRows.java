package org.layerwise.study;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.Dataset;
import org.layerwise.data.LabelUse;
import org.layerwise.data.Split;
import org.layerwise.data.batch.Batch;
import org.layerwise.data.batch.Batches;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.ClassificationHead;
import org.layerwise.model.LanguageModelHead;
import org.layerwise.model.NonFiniteDiagnosis;
import org.layerwise.model.OutputHead;
import org.layerwise.model.TaskModel;
import org.layerwise.model.config.RowPadding;
import org.layerwise.settings.DataSettings;
import org.layerwise.study.model.LabelledData;
import org.layerwise.study.model.OpenModel;
import org.layerwise.study.model.TaskChoice;
import org.layerwise.training.Evaluator;
import org.layerwise.training.TaskKind;

/**
 * Validation rows on which models with one head can be measured, one after the other.
 *
 * @param model model to which the heads belong
 * @param rows rows with their labels
 * @param task task of the head
 * @param labelled the same rows as tokens, with their objective
 */
public record TaskRows(OpenModel model, Dataset rows, TaskKind task, LabelledData labelled) {

    /**
     * Reads rows for a head.
     *
     * @param classNames names of the head's classes; empty if there are none
     * @param asked task; null for the one of the head or the labels
     * @param adapter folder that the head comes from; null for the model itself
     * @throws UserException if the rows do not fit the head, or the head does not fit the task
     */
    public static TaskRows read(
            Workbench workbench,
            OpenModel model,
            OutputHead head,
            List<String> classNames,
            DataSettings data,
            @Nullable TaskKind asked,
            @Nullable Path adapter,
            Progress progress) {
        @Nullable TaskKind known = asked == null ? ofHead(head) : asked;
        LabelUse use = TaskChoice.labelUse(model.model(), known);
        Dataset rows = LabelledData.numberedAsHead(
                workbench.read(data, use, Split.VALIDATION, progress.part(0, 0.5)), data.preset(), classNames);
        if (known != TaskKind.CAUSAL_LM) {
            rows.requireLabels();
        }
        TaskKind task = TaskChoice.of(model.model(), known, rows.labels());
        Path subject = adapter == null ? model.card().folder() : adapter;
        if ((task == TaskKind.CAUSAL_LM) != (head instanceof LanguageModelHead)) {
            throw new UserException("The head of %s does not fit --task %s; use the task that it was trained for."
                    .formatted(subject, task.id()));
        }
        int outputs = 1;
        if (head instanceof ClassificationHead classifier) {
            outputs = classifier.labels();
            requireOutputs(task, outputs, subject);
        }
        return new TaskRows(
                model, rows, task, LabelledData.of(model, rows, task, outputs, data, progress.part(0.5, 1)));
    }

    /** Returns the task that follows from a head alone; null if the labels decide. */
    private static @Nullable TaskKind ofHead(OutputHead head) {
        if (head instanceof ClassificationHead classifier) {
            return classifier.labels() == 1 ? TaskKind.REGRESSION : null;
        }
        return TaskKind.CAUSAL_LM;
    }

    private static void requireOutputs(TaskKind chosen, int outputs, Path subject) {
        boolean regression = chosen == TaskKind.REGRESSION;
        if (regression != (outputs == 1)) {
            throw new UserException("The head of %s has %s %s, which does not fit --task %s; use --task %s."
                    .formatted(
                            subject,
                            outputs,
                            outputs == 1 ? "output" : "outputs",
                            chosen.id(),
                            (regression ? TaskKind.CLASSIFICATION : TaskKind.REGRESSION).id()));
        }
    }

    /**
     * Evaluates a model on the rows.
     *
     * @param batch maximum number of rows at a time; null for batches by a token budget
     * @throws UserException if logits or loss of a row are NaN or infinite, whose prediction would be the first class, or a
     *     weight file has changed
     * @throws org.layerwise.base.CancelledException between two layers
     */
    public Evaluator.Outcome evaluate(TaskModel measured, @Nullable Integer batch, Progress progress) {
        Evaluator.Outcome outcome =
                new Evaluator().evaluate(measured, labelled.tokens(), labelled.objective(), batch, progress);
        model.requireUnchanged();
        requireFinite(measured, labelled.tokens(), outcome);
        return outcome;
    }

    private static void requireFinite(TaskModel measured, TokenizedDataset data, Evaluator.Outcome outcome) {
        for (int row = 0; row < data.size(); row++) {
            boolean finite = outcome.logits().length == 0
                    ? Double.isFinite(outcome.rowLosses()[row])
                    : finite(outcome.logits()[row]);
            if (!finite) {
                RowPadding padding = measured.base().config().rowPadding();
                Batch alone = Batches.pieces(new int[] {row}, data, padding, 1).get(0);
                throw NonFiniteDiagnosis.refusal(
                        measured.base(),
                        measured.head().feeding(measured.transformer()),
                        alone.tokens(),
                        "row %s of %s".formatted(row + 1, data.name()));
            }
        }
    }

    private static boolean finite(float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }
}
