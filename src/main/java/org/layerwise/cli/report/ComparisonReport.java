package org.layerwise.cli.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.agreement.RankCorrelation;
import org.layerwise.cli.console.TextTable;
import org.layerwise.selection.LayerList;
import org.layerwise.study.comparison.Comparison;
import org.layerwise.study.comparison.Comparison.Row;

/** Formats a comparison as lines of text. */
public final class ComparisonReport {

    private static final String NONE = "-";

    private ComparisonReport() {}

    public static List<String> lines(Comparison comparison) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < comparison.rows().size(); i++) {
            Row row = comparison.rows().get(i);
            lines.add("%s  %s: %s"
                    .formatted(
                            letter(i),
                            row.label(),
                            row.proposed().layers().isEmpty()
                                    ? "no layer"
                                    : "layers "
                                            + LayerList.format(row.proposed().layers())));
        }
        lines.add("");
        lines.addAll(importance(comparison));
        lines.add("");
        lines.addAll(agreement(comparison));
        if (comparison.hasCeilings()) {
            lines.add("Ceiling: what Spearman's correlation of two such rankings can be expected to reach, by their"
                    + " reliabilities.");
        }
        lines.add("");
        lines.add("Consensus: " + comparison.consensusSelection().summary() + ".");
        comparison.consensusSelection().reason().shortfallSentence().ifPresent(lines::add);
        comparison.differentSettings().ifPresent(lines::add);
        comparison.differentArithmetic().ifPresent(lines::add);
        return lines;
    }

    /** Returns a table with one line per layer: importance and rank in each ranking, votes, and the consensus score. */
    private static List<String> importance(Comparison comparison) {
        List<String> headings = new ArrayList<>(List.of(">Layer"));
        IntStream.range(0, comparison.rows().size()).forEach(i -> {
            headings.add(">" + letter(i));
            headings.add(">Rank");
        });
        headings.addAll(List.of(">Votes", ">Consensus"));
        TextTable table = TextTable.of(headings.toArray(String[]::new));
        LayerImportance consensus = comparison.consensus();
        List<Integer> votes = comparison.votes();
        for (int layer = 0; layer < comparison.layers(); layer++) {
            List<String> cells = new ArrayList<>(List.of(String.valueOf(layer)));
            for (Row row : comparison.rows()) {
                cells.add(importance(row.importance().of(layer)));
                cells.add(comparison.rank(row, layer).map(String::valueOf).orElse(NONE));
            }
            cells.add(String.valueOf(votes.get(layer)));
            cells.add(number(consensus.of(layer)));
            table.row(cells.toArray(String[]::new));
        }
        return table.lines();
    }

    /** Returns a table with one line per pair of rankings. */
    private static List<String> agreement(Comparison comparison) {
        List<String> headings =
                new ArrayList<>(List.of("Pair", ">Kendall", ">Spearman", ">Layers", ">Overlap", ">Jaccard"));
        if (comparison.hasCeilings()) {
            headings.add(">Ceiling");
        }
        TextTable table = TextTable.of(headings.toArray(String[]::new));
        for (int i = 0; i < comparison.rows().size(); i++) {
            for (int j = i + 1; j < comparison.rows().size(); j++) {
                Row first = comparison.rows().get(i);
                Row second = comparison.rows().get(j);
                RankCorrelation correlation = comparison.correlation(first, second);
                List<String> cells = new ArrayList<>(List.of(
                        letter(i) + ", " + letter(j),
                        number(correlation.kendall()),
                        number(correlation.spearman()),
                        String.valueOf(correlation.layers()),
                        percent(comparison.overlap(first, second).share()),
                        percent(comparison.overlap(first, second).jaccard())));
                if (comparison.hasCeilings()) {
                    cells.add(number(comparison.ceiling(first, second)));
                }
                table.row(cells.toArray(String[]::new));
            }
        }
        return table.lines();
    }

    /** Returns the label of a ranking: A, B, ... Z, A1, B1, ... */
    static String letter(int row) {
        String letter = String.valueOf((char) ('A' + row % 26));
        return row < 26 ? letter : letter + row / 26;
    }

    private static String importance(OptionalDouble value) {
        return value.isPresent() ? String.format(Locale.ROOT, "%.4g", value.getAsDouble()) : NONE;
    }

    private static String number(OptionalDouble value) {
        return value.isPresent() ? String.format(Locale.ROOT, "%.3f", value.getAsDouble()) : NONE;
    }

    private static String percent(double share) {
        return !Double.isFinite(share) ? "-" : String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }
}
