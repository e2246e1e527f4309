package org.layerwise.study.analysis;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.ExpertLoad;
import org.layerwise.analysis.Grams;

/**
 * Results of an analysis of some rows, either of rows in memory or of streamed rows.
 *
 * @param name name of the data
 * @param location location of the data, as shown in messages
 * @param samples number of rows
 * @param cutRows number of rows whose text was truncated
 * @param results results of the measures, in the settings' order
 * @param grams Gram matrices; null if no measure follows from them, or they are too large
 * @param dataSha256 SHA-256 hash of the rows
 * @param remarks sentences that a reader of the results must know
 * @param expertLoad numbers of tokens of each expert; null for a model without experts, or if they are not known
 */
record MeasuredRows(
        String name,
        String location,
        int samples,
        int cutRows,
        List<MeasureResult> results,
        @Nullable Grams grams,
        String dataSha256,
        List<String> remarks,
        @Nullable ExpertLoad expertLoad) {}
