package org.layerwise.cli.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.base.Decimals;
import org.layerwise.cli.console.TextTable;
import org.layerwise.study.evaluation.PredictionComparison;

/** Formats a comparison of predictions as lines for people. */
public final class PredictionComparisonLines {

    private PredictionComparisonLines() {}

    /** Returns the two models, the rows and a table of the numbers. */
    public static List<String> of(PredictionComparison result) {
        List<String> lines = new ArrayList<>();
        lines.add(result.first());
        lines.add(result.second());
        lines.add(String.format(
                Locale.ROOT,
                "%,d rows of %s%s",
                result.numbers().size(),
                result.data(),
                result.unit().equals("row") ? "" : String.format(Locale.ROOT, ", %,d tokens", result.predictions())));
        TextTable table = TextTable.of("", ">mean over %ss".formatted(result.unit()), "95 % interval");
        row(table, "Jensen-Shannon divergence (bits)", result.divergence());
        row(table, "disagreement (share)", result.disagreement());
        lines.addAll(table.lines());
        return lines;
    }

    private static void row(TextTable table, String name, PredictionComparison.Mean mean) {
        Interval interval = mean.interval();
        table.row(
                name,
                number(mean.value()),
                interval == null ? "-" : "%s to %s".formatted(number(interval.low()), number(interval.high())));
    }

    private static String number(double value) {
        return Decimals.rounded(value, 3).toPlainString();
    }
}
