package org.layerwise.chart.ranking;

import java.util.List;
import java.util.OptionalDouble;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.base.CsvText;
import org.layerwise.base.Decimals;
import org.layerwise.selection.LayerKind;

/**
 * CSV table of a ranking: a header {@code layer,importance,low,high,selected,unrelated}, then one line per layer in the
 * order of the layers. {@code low} and {@code high} are the ends of the importance interval, {@code selected} is the
 * probability that the layer is selected, {@code unrelated} is the importance with unrelated data. If the data name the
 * rule of the shares, a column {@code selected_by} has it. If layers differ in their kind, a last column {@code kind} has
 * it. Values are written
 * without loss of precision, with a decimal point; a missing value is an empty field.
 */
public final class ImportanceCsv {

    private ImportanceCsv() {}

    /** Returns the text of the table. Lines end with a line feed. */
    public static String text(ImportanceData data) {
        StringBuilder text = new StringBuilder("layer,importance,low,high,selected,unrelated");
        boolean kinds = !data.kinds().layers().isEmpty();
        text.append(data.rule().isEmpty() ? "" : ",selected_by").append(kinds ? ",kind\n" : "\n");
        for (int layer = 0; layer < data.importance().layers(); layer++) {
            text.append(layer);
            cell(text, data.importance().of(layer));
            cell(text, end(data, layer, true));
            cell(text, end(data, layer, false));
            cell(text, data.selected(layer));
            cell(text, data.unrelated(layer));
            if (!data.rule().isEmpty()) {
                text.append(',').append(data.selected(layer).isPresent() ? CsvText.quoted(data.rule()) : "");
            }
            if (kinds) {
                text.append(',').append(CsvText.quoted(data.kinds().words(layer, LayerKind::id)));
            }
            text.append('\n');
        }
        return text.toString();
    }

    /**
     * Returns a table of several rankings, as shown in an overlay chart: a column {@code layer}, then
     * {@code importance: LABEL}, {@code low: LABEL} and {@code high: LABEL} for each ranking.
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
