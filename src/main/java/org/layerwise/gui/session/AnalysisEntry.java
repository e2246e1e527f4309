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

    /** One that is not saved. */
    public AnalysisEntry(int number, Analysis analysis) {
        this(number, analysis, null);
    }
}
