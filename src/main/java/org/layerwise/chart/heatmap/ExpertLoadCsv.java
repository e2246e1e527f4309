package org.layerwise.chart.heatmap;

import org.layerwise.analysis.ExpertLoad;
import org.layerwise.base.Decimals;

/**
 * CSV table of the load of experts, {@code expert-load.csv}: a header {@code layer,entropy,0,1,...} with the experts,
 * then one line per layer that has experts, with the entropy of its load in bits and the number of tokens of each expert.
 */
public final class ExpertLoadCsv {

    private ExpertLoadCsv() {}

    /** Returns the text of the table. Lines end with a line feed. */
    public static String text(ExpertLoad load) {
        StringBuilder text = new StringBuilder("layer,entropy");
        for (int expert = 0; expert < load.experts(); expert++) {
            text.append(',').append(expert);
        }
        for (int layer : load.layers()) {
            text.append('\n').append(layer).append(',').append(Decimals.shortest(load.entropy(layer)));
            load.tokens().get(layer).forEach(tokens -> text.append(',').append(tokens));
        }
        return text.append('\n').toString();
    }
}
