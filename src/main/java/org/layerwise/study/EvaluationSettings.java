package org.layerwise.study;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.layerwise.training.TaskKind;

/**
 * What is measured and what is written.
 *
 * @param adapter folder of a PEFT adapter; null for the checkpoint's own head
 * @param data the rows
 * @param mismatched MNLI's other validation rows, which are measured too; null for none
 * @param task null: found from adapter, checkpoint or labels
 * @param worst how many of the rows with the largest errors are told
 * @param predictions file to write a line a row to; null for none
 * @param out file to write the result to as JSON; null for none
 * @param identity of the rows that these must be; null for any
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

    /** Rows with the largest errors that are told when nothing is said. */
    public static final int DEFAULT_WORST = 10;

    /** Of some rows, with nothing written. */
    public static EvaluationSettings of(@Nullable Path adapter, DataSettings data, @Nullable TaskKind task) {
        return new EvaluationSettings(adapter, data, null, task, DEFAULT_WORST, null, null, null);
    }

    /** The same with files to write. */
    public EvaluationSettings writing(@Nullable Path toPredictions, @Nullable Path toResult) {
        return new EvaluationSettings(adapter, data, mismatched, task, worst, toPredictions, toResult, identity);
    }

    /** Returns these settings for rows that must be those of a run. */
    public EvaluationSettings requiring(@Nullable RowsIdentity rows) {
        return new EvaluationSettings(adapter, data, mismatched, task, worst, predictions, out, rows);
    }
}
