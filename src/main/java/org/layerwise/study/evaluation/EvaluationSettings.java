package org.layerwise.study.evaluation;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.layerwise.run.RowsIdentity;
import org.layerwise.settings.DataSettings;
import org.layerwise.training.TaskKind;

/**
 * Settings of an evaluation.
 *
 * @param adapter folder of a PEFT adapter; null for the checkpoint's own head
 * @param data rows to evaluate
 * @param mismatched mismatched validation rows of MNLI to evaluate as well; null for none
 * @param task task of the model; null to find it from adapter, checkpoint or labels
 * @param worst number of rows with the largest errors to report
 * @param predictions file for the predictions, one line per row; null for none
 * @param out JSON file for the result; null for none
 * @param identity identity that the rows must have; null for any
 */
public record EvaluationSettings(
        @Nullable Path adapter,
        DataSettings data,
        @Nullable DataSettings mismatched,
        @Nullable TaskKind task,
        int worst,
        @Nullable Path predictions,
        @Nullable Path out,
        @Nullable RowsIdentity identity) {

    /** Default number of rows with the largest errors to report. */
    public static final int DEFAULT_WORST = 10;

    /** Returns settings for some rows, without files to write. */
    public static EvaluationSettings of(@Nullable Path adapter, DataSettings data, @Nullable TaskKind task) {
        return new EvaluationSettings(adapter, data, null, task, DEFAULT_WORST, null, null, null);
    }

    /** Returns these settings with files to write. */
    public EvaluationSettings writing(@Nullable Path toPredictions, @Nullable Path toResult) {
        return new EvaluationSettings(adapter, data, mismatched, task, worst, toPredictions, toResult, identity);
    }

    /** Returns these settings with the identity of a run's rows, which the rows must have. */
    public EvaluationSettings requiring(@Nullable RowsIdentity rows) {
        return new EvaluationSettings(adapter, data, mismatched, task, worst, predictions, out, rows);
    }
}
