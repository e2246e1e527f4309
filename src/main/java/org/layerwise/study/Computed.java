package org.layerwise.study;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Grams;

/**
 * What came of analysing some rows, whether all were in memory or they were streamed.
 *
 * @param name of the data
 * @param location of the data, as messages name it
 * @param samples number of rows
 * @param cutRows rows whose text was longer than the limit
 * @param results of each measure, in the settings' order
 * @param grams null where no measure follows from them, or they are too large
 * @param dataSha256 over the rows
 * @param remarks what a reader of the numbers must know
 */
record Computed(
        String name,
        String location,
        int samples,
        int cutRows,
        List<MeasureResult> results,
        @Nullable Grams grams,
        String dataSha256,
        List<String> remarks) {}
