package org.layerwise.gui.session;

import static org.layerwise.gui.common.Messages.text;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.layerwise.run.Provenance;
import org.layerwise.study.analysis.Analysis;

/**
 * A finished analysis in the study.
 *
 * @param number number of the analysis in this window, counted from 1
 * @param folder folder of the saved analysis; null if the analysis is only in memory
 */
public record AnalysisEntry(int number, Analysis analysis, @Nullable Path folder) {

    /** Returns the task, with the adapter that changed the model if there is one. */
    public String task() {
        String adapter = analysis.provenance().adapter();
        if (adapter == null) {
            return analysis.task();
        }
        String name = Provenance.adapterName(adapter);
        return analysis.hasRows()
                ? text("analysis.with.adapter", analysis.task(), name)
                : text("analysis.adapter", name);
    }

    /**
     * Returns true if both entries are the same analysis. An entry from before the analysis was saved equals the saved
     * one.
     */
    public static boolean same(@Nullable AnalysisEntry one, @Nullable AnalysisEntry other) {
        return one == null || other == null ? one == other : one.number() == other.number();
    }
}
