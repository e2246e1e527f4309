package org.layerwise.chart.map;

import org.layerwise.analysis.similarity.HiddenStateMap;
import org.layerwise.base.Decimals;

/** CSV table of a map of hidden states, {@code map.csv}: a header {@code state,x,y}, then one line for each. */
public final class HiddenStateMapCsv {

    private HiddenStateMapCsv() {}

    /** Returns the text of the table. Lines end with a line feed; values are written without loss of precision. */
    public static String text(HiddenStateMap map) {
        StringBuilder text = new StringBuilder("state,x,y\n");
        for (HiddenStateMap.Point point : map.points()) {
            text.append(point.state())
                    .append(',')
                    .append(Decimals.shortest(point.x()))
                    .append(',')
                    .append(Decimals.shortest(point.y()))
                    .append('\n');
        }
        return text.toString();
    }
}
