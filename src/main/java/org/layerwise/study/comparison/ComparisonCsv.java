package org.layerwise.study.comparison;

import java.util.List;
import java.util.OptionalDouble;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.agreement.RankCorrelation;
import org.layerwise.analysis.agreement.SelectionOverlap;
import org.layerwise.base.CsvText;
import org.layerwise.base.Decimals;
import org.layerwise.study.comparison.Comparison.Row;

/**
 * Formats the tables of a comparison as CSV. Numbers are lossless with a decimal point; a missing value is an empty
 * cell.
 */
public final class ComparisonCsv {

    private ComparisonCsv() {}

    /**
     * Returns a table with one line per layer. The columns are {@code layer}, then {@code importance: LABEL},
     * {@code rank: LABEL} and {@code selected: LABEL} (1 or 0) of each ranking, then {@code votes}, {@code consensus}
     * (the score) and {@code consensus selected}.
     */
    public static String importance(Comparison comparison) {
        StringBuilder text = new StringBuilder("layer");
        for (Row row : comparison.rows()) {
            for (String column : List.of("importance", "rank", "selected")) {
                text.append(',').append(CsvText.quoted(column + ": " + row.label()));
            }
        }
        text.append(",votes,consensus,consensus selected\n");
        LayerImportance consensus = comparison.consensus();
        for (int layer = 0; layer < comparison.layers(); layer++) {
            text.append(layer);
            for (Row row : comparison.rows()) {
                text.append(',').append(number(row.importance().of(layer)));
                text.append(',')
                        .append(comparison.rank(row, layer).map(String::valueOf).orElse(""));
                text.append(',').append(row.proposed().contains(layer) ? 1 : 0);
            }
            text.append(',').append(comparison.votes().get(layer));
            text.append(',').append(number(consensus.of(layer)));
            text.append(',')
                    .append(comparison.consensusSelection().contains(layer) ? 1 : 0)
                    .append('\n');
        }
        return text.toString();
    }

    /**
     * Returns a table with one line per pair of rankings. The columns are
     * {@code first,second,kendall,spearman,layers,overlap,jaccard}, where {@code layers} is the number of layers with
     * an importance in both rankings. If reliabilities are known, a last column {@code ceiling} has what the Spearman correlation of
     * such rankings can be expected to reach.
     */
    public static String agreement(Comparison comparison) {
        StringBuilder text = new StringBuilder("first,second,kendall,spearman,layers,overlap,jaccard");
        text.append(comparison.hasCeilings() ? ",ceiling\n" : "\n");
        for (int i = 0; i < comparison.rows().size(); i++) {
            for (int j = i + 1; j < comparison.rows().size(); j++) {
                Row first = comparison.rows().get(i);
                Row second = comparison.rows().get(j);
                RankCorrelation correlation = comparison.correlation(first, second);
                SelectionOverlap overlap = comparison.overlap(first, second);
                text.append(String.join(
                                ",",
                                CsvText.quoted(first.label()),
                                CsvText.quoted(second.label()),
                                number(correlation.kendall()),
                                number(correlation.spearman()),
                                String.valueOf(correlation.layers()),
                                CsvText.number(overlap.share()),
                                CsvText.number(overlap.jaccard())))
                        .append(comparison.hasCeilings() ? "," + number(comparison.ceiling(first, second)) : "")
                        .append('\n');
            }
        }
        return text.toString();
    }

    private static String number(OptionalDouble value) {
        return value.isPresent() ? Decimals.shortest(value.getAsDouble()) : "";
    }
}
