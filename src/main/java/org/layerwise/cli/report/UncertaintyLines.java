package org.layerwise.cli.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.SortedSet;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.analysis.uncertainty.Reliability;
import org.layerwise.analysis.uncertainty.Uncertainty;
import org.layerwise.analysis.uncertainty.UnrelatedSimilarity;
import org.layerwise.base.Decimals;
import org.layerwise.cli.console.TextTable;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.MeasureResult;

/** Formats the reliability of a ranking as lines for people. */
public final class UncertaintyLines {

    private static final double NOTHING = 5e-4;

    private UncertaintyLines() {}

    public static List<String> of(Analysis analysis, MeasureResult result) {
        List<String> lines = new ArrayList<>();
        Uncertainty uncertainty = result.uncertainty();
        SortedSet<Integer> proposed = analysis.proposed(result).layers();
        if (uncertainty == null) {
            lines.addAll(ranking(analysis, result, proposed));
        } else {
            TextTable table = TextTable.of("layer", ">importance", "95 % interval", ">selected");
            for (int layer : result.importance().ranking(analysis.settings().undefined())) {
                OptionalDouble value = result.importance().of(layer);
                table.row(
                        layer + (proposed.contains(layer) ? " *" : ""),
                        value.isPresent() ? number(value.getAsDouble()) : "undefined",
                        uncertainty.interval(layer).map(UncertaintyLines::ends).orElse("-"),
                        String.format(
                                Locale.ROOT,
                                "%.1f %%",
                                100 * uncertainty.selected().get(layer)));
            }
            lines.addAll(table.lines());
            lines.add(uncertainty.kind().note());
            lines.add(String.format(
                    Locale.ROOT,
                    "Drawn anew %,d times, %.1f of the %d selected layers (*) are selected again.",
                    uncertainty.replicates(),
                    uncertainty.expectedOverlap() * proposed.size(),
                    proposed.size()));
        }
        Reliability reliability = result.reliability();
        if (reliability != null) {
            lines.add("Ranking: %s, the rank correlation to expect with as many other rows."
                    .formatted(reliability.summary()));
        }
        UnrelatedSimilarity baseline = result.baseline();
        if (baseline != null) {
            baseline.layers().stream()
                    .filter(level -> level != null)
                    .mapToDouble(UnrelatedSimilarity.Level::mean)
                    .average()
                    .ifPresent(
                            mean -> lines.add("With unrelated data of as many rows and dimensions, %s is %s on average."
                                    .formatted(
                                            result.measure().shortName(),
                                            Math.abs(mean) < NOTHING ? "0" : number(mean))));
        }
        return lines;
    }

    private static List<String> ranking(Analysis analysis, MeasureResult result, SortedSet<Integer> proposed) {
        TextTable table = TextTable.of("layer", ">importance");
        for (int layer : result.importance().ranking(analysis.settings().undefined())) {
            OptionalDouble value = result.importance().of(layer);
            table.row(
                    layer + (proposed.contains(layer) ? " *" : ""),
                    value.isPresent() ? number(value.getAsDouble()) : "undefined");
        }
        return table.lines();
    }

    private static String ends(Interval interval) {
        return "%s to %s".formatted(number(interval.low()), number(interval.high()));
    }

    /** Formats a number with three significant digits and all digits before the point. */
    private static String number(double value) {
        return Decimals.rounded(value, 3).toPlainString();
    }
}
