package org.layerwise.chart.heatmap;

import java.util.List;
import org.layerwise.base.CsvText;
import org.layerwise.base.Decimals;

/**
 * CSV table of values of the layers over a training, such as {@code checkpoints.csv}: a header {@code checkpoint,step,0,1,…} with a column
 * for each layer, then a line for each checkpoint. Undefined values are empty.
 */
public final class TrajectoryCsv {

    private TrajectoryCsv() {}

    /**
     * Returns the text of the table. Lines end with a line feed; values are written without loss of precision.
     *
     * @param names names of the checkpoints
     * @param steps their steps; empty for one without a step
     * @param values values at each checkpoint
     */
    public static String text(List<String> names, List<String> steps, TrajectoryValues values) {
        StringBuilder text = new StringBuilder("checkpoint,step");
        int layers = values.layers();
        for (int layer = 0; layer < layers; layer++) {
            text.append(',').append(layer);
        }
        text.append('\n');
        for (int row = 0; row < names.size(); row++) {
            text.append(CsvText.quoted(names.get(row))).append(',').append(CsvText.quoted(steps.get(row)));
            for (int layer = 0; layer < layers; layer++) {
                text.append(',');
                values.checkpoints()
                        .get(row)
                        .get(layer)
                        .asOptional()
                        .ifPresent(value -> text.append(Decimals.shortest(value)));
            }
            text.append('\n');
        }
        return text.toString();
    }
}
