package org.layerwise.gui.session;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.layerwise.study.Analysis;

/**
 * A finished analysis in the study.
 *
 * @param number counts from 1 in this window
 * @param folder where it is saved; null for one that is only in memory
 */
public record AnalysisEntry(int number, Analysis analysis, @Nullable Path folder) {

    /** Whether both are the same analysis: one that was saved meanwhile is. */
    public static boolean same(@Nullable AnalysisEntry one, @Nullable AnalysisEntry other) {
        return one == null || other == null ? one == other : one.number() == other.number();
    }

    /** One that is not saved. */
    public AnalysisEntry(int number, Analysis analysis) {
        this(number, analysis, null);
    }
}
