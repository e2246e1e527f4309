package org.layerwise.chart.map;

import java.util.List;
import org.layerwise.analysis.similarity.HiddenStateMap;
import org.layerwise.base.CsvText;
import org.layerwise.base.Decimals;

/**
 * CSV table of a map of hidden states, {@code map.csv}: a header {@code state,x,y}, then one line for each; the maps of two models have a
 * first column {@code model}.
 */
public final class HiddenStateMapCsv {

    private static final String HEADER = "state,x,y\n";

    private HiddenStateMapCsv() {}

    /** Returns the table of one model. Lines end with a line feed; values are written without loss of precision. */
    public static String text(HiddenStateMap map) {
        StringBuilder text = new StringBuilder(HEADER);
        map.points().forEach(point -> text.append(line(point)));
        return text.toString();
    }

    /**
     * Returns the table of several models.
     *
     * @param models names of the models, in their order
     */
    public static String text(HiddenStateMap map, List<String> models) {
        StringBuilder text = new StringBuilder("model," + HEADER);
        map.points().forEach(point -> text.append(CsvText.quoted(models.get(point.model())))
                .append(',')
                .append(line(point)));
        return text.toString();
    }

    private static String line(HiddenStateMap.Point point) {
        return "%s,%s,%s\n".formatted(point.state(), Decimals.shortest(point.x()), Decimals.shortest(point.y()));
    }
}
