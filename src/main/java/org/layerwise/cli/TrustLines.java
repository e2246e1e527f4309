package org.layerwise.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.SortedSet;
import org.layerwise.analysis.uncertainty.Baseline;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.analysis.uncertainty.Uncertainty;
import org.layerwise.study.Analysis;
import org.layerwise.study.MeasureResult;

/** How far a ranking can be trusted, as lines for people. */
final class TrustLines {

    private TrustLines() {}

    static List<String> of(Analysis analysis, MeasureResult result) {
        List<String> lines = new ArrayList<>();
        Uncertainty uncertainty = result.uncertainty();
        SortedSet<Integer> proposed = analysis.proposed(result).layers();
        if (uncertainty != null) {
            TextTable table = TextTable.of("layer", ">importance", "95 % interval", ">selected");
            for (int layer : result.importance().ranking(analysis.settings().undefined())) {
                OptionalDouble value = result.importance().of(layer);
                table.row(
                        layer + (proposed.contains(layer) ? " *" : ""),
                        value.isPresent() ? number(value.getAsDouble()) : "undefined",
                        uncertainty.interval(layer).map(TrustLines::ends).orElse("-"),
                        "%.0f %%".formatted(100 * uncertainty.selected().get(layer)));
            }
            lines.addAll(table.lines());
            lines.add("Drawn anew %,d times, %.1f of the %d selected layers (*) are selected again."
                    .formatted(
                            uncertainty.replicates(),
                            uncertainty.expectedOverlap() * proposed.size(),
                            proposed.size()));
        }
        Baseline baseline = result.baseline();
        if (baseline != null) {
            baseline.layers().stream()
                    .filter(level -> level != null)
                    .mapToDouble(Baseline.Level::mean)
                    .average()
                    .ifPresent(mean ->
                            lines.add("Unrelated data with as many rows and dimensions have a %s of %s on average."
                                    .formatted(result.measure().shortName(), number(mean))));
        }
        return lines;
    }

    private static String ends(Interval interval) {
        return "%s to %s".formatted(number(interval.low()), number(interval.high()));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) < 1000 ? "%.3f" : "%.4g", value);
    }
}
