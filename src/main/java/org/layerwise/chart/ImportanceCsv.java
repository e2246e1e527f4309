package org.layerwise.chart;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.base.CsvText;
import org.layerwise.base.Decimals;
import org.layerwise.base.WholeFiles;

/**
 * The data of a ranking: a header {@code layer,importance,low,high,selected,unrelated}, then a line a layer in the order of
 * layers. {@code low} and {@code high} are the ends of its interval, {@code selected} the probability that it is selected,
 * {@code unrelated} the importance that unrelated data would have. Values without loss, with a point; nothing between the
 * commas where there is none.
 */
public final class ImportanceCsv {

    private ImportanceCsv() {}

    /** Writes the file. */
    public static void write(Path file, ImportanceData data) {
        WholeFiles.writeString(file, text(data));
    }

    /** What {@link #write} writes; lines end with a line feed. */
    public static String text(ImportanceData data) {
        StringBuilder text = new StringBuilder("layer,importance,low,high,selected,unrelated\n");
        for (int layer = 0; layer < data.importance().layers(); layer++) {
            text.append(layer);
            cell(text, data.importance().of(layer));
            cell(text, end(data, layer, true));
            cell(text, end(data, layer, false));
            cell(text, data.selected(layer));
            cell(text, data.unrelated(layer));
            text.append('\n');
        }
        return text.toString();
    }

    /**
     * Several rankings side by side, as an overlay shows them: {@code layer}, then {@code importance}, {@code low} and
     * {@code high} of each, with its label behind a colon.
     */
    public static String text(List<ImportanceOverlayChart.Series> series) {
        StringBuilder text = new StringBuilder("layer");
        int layers = 0;
        for (ImportanceOverlayChart.Series one : series) {
            for (String column : List.of("importance", "low", "high")) {
                text.append(',').append(CsvText.quoted(column + ": " + one.label()));
            }
            layers = Math.max(layers, one.importance().layers());
        }
        text.append('\n');
        for (int layer = 0; layer < layers; layer++) {
            text.append(layer);
            for (ImportanceOverlayChart.Series one : series) {
                if (layer >= one.importance().layers()) {
                    text.append(",,,");
                    continue;
                }
                ImportanceData data = new ImportanceData(one.label(), one.importance(), one.uncertainty(), null);
                cell(text, one.importance().of(layer));
                cell(text, end(data, layer, true));
                cell(text, end(data, layer, false));
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static OptionalDouble end(ImportanceData data, int layer, boolean low) {
        Interval interval = data.interval(layer).orElse(null);
        return interval == null ? OptionalDouble.empty() : OptionalDouble.of(low ? interval.low() : interval.high());
    }

    private static void cell(StringBuilder text, OptionalDouble value) {
        text.append(',');
        value.ifPresent(known -> text.append(Decimals.shortest(known)));
    }
}
