package org.layerwise.study;

import java.util.Set;
import org.layerwise.study.uncertainty.EvaluatedRows;

/** Names of the files and folders of a run. */
public final class RunFiles {

    /** The folder in a run's folder that holds the adapter. */
    public static final String ADAPTER = "adapter";

    /** The folder beside it with what PiSSA took out of the weights, by which the adapter can be made plain LoRA. */
    public static final String INITIAL = "adapter-initial";

    /** The names of all that is written into a run's folder. */
    static final Set<String> WRITTEN = Set.of(
            ADAPTER,
            INITIAL,
            RunCheckpoints.FOLDER,
            RunEvents.FOLDER,
            RunConfig.NAME,
            RunFile.NAME,
            RunLock.FILE,
            MetricsLog.NAME,
            MethodsText.FILE,
            EvaluatedRows.NAME,
            SummaryFile.NAME);

    private RunFiles() {}
}
