package org.layerwise.run;

import java.util.Set;
import org.layerwise.run.uncertainty.EvaluatedRows;

/** Names of the files and folders of a run. */
public final class RunFileNames {

    /** Folder of the adapter, in the folder of the run. */
    public static final String ADAPTER = "adapter";

    /**
     * Folder of the initial adapter of PiSSA, OLoRA or LoRA-GA, in the folder of the run: what was taken out of the weights.
     * It is needed to convert the trained adapter to standard LoRA, or to resume a training by LoRA-GA.
     */
    public static final String INITIAL = "adapter-initial";

    /** Folder of a job until it is handed in to a cluster, in the folder of the run. */
    public static final String UNSENT = "job-unsent";

    /** Name of the paragraph for a paper, in the folder of a run or of an analysis. */
    public static final String METHODS = "methods.txt";

    /** Name of the predictions of a run's adapter for each row, in the folder of a run of an experiment. */
    public static final String PREDICTIONS = "predictions.jsonl";

    /** Name of the file with the hashes of the predictions and of their adapter. */
    public static final String PREDICTIONS_ORIGIN = "predictions-origin.json";

    /** Names of all files and folders that a training writes into the folder of its run. */
    static final Set<String> WRITTEN = Set.of(
            ADAPTER,
            INITIAL,
            UNSENT,
            RunCheckpoints.FOLDER,
            RunEvents.FOLDER,
            RunConfig.NAME,
            RunFile.NAME,
            RunLock.FILE,
            MetricsLog.NAME,
            METHODS,
            EvaluatedRows.NAME,
            SummaryFile.NAME);

    private RunFileNames() {}
}
