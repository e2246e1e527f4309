package org.layerwise.gui.compare;

import static org.layerwise.gui.common.Messages.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.agreement.RankCorrelation;
import org.layerwise.analysis.agreement.SelectionOverlap;
import org.layerwise.base.Decimals;
import org.layerwise.chart.heatmap.AgreementChart;
import org.layerwise.chart.ranking.ImportanceOverlayChart;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.ColourScale;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.gui.common.Sheet;
import org.layerwise.gui.common.Sheet.Cell;
import org.layerwise.gui.common.Sheet.Column;
import org.layerwise.gui.compare.CompareViewModel.Agreement;
import org.layerwise.selection.LayerLocks;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.LayerSelector;
import org.layerwise.selection.SelectionRule;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.study.comparison.Comparison;

/**
 * Two or more rankings with the same number of layers.
 *
 * @param comparison comparison of the subjects, in the same order
 */
record Rankings(List<Subject> subjects, Comparison comparison) {

    /** Compares subjects at the ratio of the first one. */
    static Rankings of(List<Subject> subjects) {
        AnalysisSettings settings = subjects.get(0).analysis().settings();
        List<Comparison.Row> rows = subjects.stream()
                .map(subject -> new Comparison.Row(
                        subject.label(),
                        subject.analysis(),
                        subject.result(),
                        LayerSelector.select(
                                subject.result().importance(),
                                new SelectionRule.TopRatio(settings.ratio()),
                                LayerLocks.none(),
                                settings.undefined())))
                .toList();
        return new Rankings(List.copyOf(subjects), new Comparison(rows, settings.ratio(), settings.undefined()));
    }

    /** Returns the reason why subjects cannot be compared, in one sentence; empty if they can. */
    static Optional<String> mistake(List<Subject> subjects) {
        if (subjects.size() < 2) {
            return Optional.of(text("compare.needs.two"));
        }
        List<Integer> layers =
                subjects.stream().map(Subject::layers).distinct().sorted().toList();
        return layers.size() > 1
                ? Optional.of(text(
                        "compare.needs.same",
                        layers.stream().map(String::valueOf).collect(Collectors.joining(text("compare.and")))))
                : Optional.empty();
    }

    /** Returns the row of a subject in the comparison. */
    Comparison.Row row(Subject subject) {
        return comparison.rows().get(subjects.indexOf(subject));
    }

    /** Returns the number of layers. */
    int layers() {
        return subjects.get(0).layers();
    }

    /**
     * Returns a chart of the importance by layer for all subjects. Importances of different measures are each scaled to
     * the range 0 to 1.
     */
    ImportanceOverlayChart overlay(ChartStyle style) {
        boolean scaled = subjects.stream()
                        .map(subject -> subject.result().measure())
                        .distinct()
                        .count()
                > 1;
        String quantity = scaled
                ? text("compare.importance.scaled")
                : text("compare.importance", subjects.get(0).result().measure().importanceTitle());
        return new ImportanceOverlayChart(
                subjects.stream()
                        .map(subject -> new ImportanceOverlayChart.Series(
                                subject.label(),
                                subject.result().importance(),
                                subject.result().uncertainty()))
                        .toList(),
                quantity,
                scaled,
                style);
    }

    /**
     * Returns a sentence with the consensus layers and the number of them that every subject selects. A second sentence
     * follows if the analyses propose at different ratios, one if settings of the representations differ, and one if
     * they were computed with different numbers of threads or instruction sets.
     */
    String summary() {
        SortedSet<Integer> together = comparison.consensusSelection().layers();
        List<Integer> votes = comparison.votes();
        long all = together.stream()
                .filter(layer -> votes.get(layer) == subjects.size())
                .count();
        String consensus = text(
                "compare.consensus",
                NumberTexts.layers(together),
                together.size(),
                layers(),
                all,
                subjects.size(),
                ratio());
        return Stream.of(
                        Optional.of(consensus),
                        differentRatios(),
                        comparison.differentSettings(),
                        comparison.differentArithmetic())
                .flatMap(Optional::stream)
                .collect(Collectors.joining(" "));
    }

    private String ratio() {
        return Decimals.shortest(comparison.ratio());
    }

    private Optional<String> differentRatios() {
        List<Double> ratios = subjects.stream()
                .map(subject -> subject.analysis().settings().ratio())
                .distinct()
                .toList();
        return ratios.size() < 2
                ? Optional.empty()
                : Optional.of(text(
                        "compare.ratios",
                        ratios.stream().map(Decimals::shortest).collect(Collectors.joining(", "))));
    }

    /** Returns a matrix with the agreement of all pairs. */
    AgreementChart agreement(Agreement by, ChartStyle style) {
        String title = text("compare.agreement." + by.name().toLowerCase(Locale.ROOT));
        List<String> labels = comparison.labels();
        return switch (by) {
            case KENDALL -> new AgreementChart(labels, comparison.kendall(), title, style);
            case SPEARMAN -> new AgreementChart(labels, comparison.spearman(), title, style);
            case OVERLAP -> new AgreementChart(labels, comparison.overlaps(), title, ColourScale.similarities(), style);
        };
    }

    /** Returns a table with one row per pair. */
    Sheet pairs() {
        List<Column> columns = List.of(
                new Column(text("compare.column.pair"), "pair", text("compare.tip.pair"), false),
                agreementColumn("kendall"),
                agreementColumn("spearman"),
                agreementColumn("overlap"),
                agreementColumn("jaccard"));
        List<List<Cell>> rows = new ArrayList<>();
        for (int i = 0; i < subjects.size(); i++) {
            for (int j = i + 1; j < subjects.size(); j++) {
                Comparison.Row first = comparison.rows().get(i);
                Comparison.Row second = comparison.rows().get(j);
                RankCorrelation correlation = comparison.correlation(first, second);
                SelectionOverlap overlap = comparison.overlap(first, second);
                rows.add(List.of(
                        Cell.of(first.label() + " ↔ " + second.label()),
                        Cell.significant(correlation.kendall()),
                        Cell.significant(correlation.spearman()),
                        Cell.percent(overlap.share()),
                        Cell.percent(overlap.jaccard())));
            }
        }
        return new Sheet(columns, rows);
    }

    private Column agreementColumn(String key) {
        return new Column(text("compare.column." + key), key, text("compare.tip." + key, ratio()), true);
    }

    /** Returns a table with one row per layer: importance and rank by each subject, votes and consensus. */
    Sheet layersSheet() {
        List<Column> columns = new ArrayList<>();
        columns.add(new Column(text("stability.column.layer"), "layer", text("stability.tip.layer"), false));
        for (Subject subject : subjects) {
            columns.add(
                    new Column(subject.label(), subject.label() + " importance", text("compare.tip.importance"), true));
            columns.add(
                    new Column(text("compare.column.rank"), subject.label() + " rank", text("compare.tip.rank"), true));
            columns.add(new Column("", subject.label() + " proposed", text("compare.tip.proposed", ratio()), false));
        }
        columns.add(new Column(text("compare.column.votes"), "votes", text("compare.tip.votes", ratio()), true));
        columns.add(new Column(text("compare.column.score"), "consensus", text("compare.tip.score"), true));
        columns.add(new Column("", "consensus selected", text("compare.tip.together", ratio()), false));
        List<Integer> votes = comparison.votes();
        LayerImportance consensus = comparison.consensus();
        LayerSelection together = comparison.consensusSelection();
        List<List<Cell>> rows = new ArrayList<>();
        for (int layer = 0; layer < layers(); layer++) {
            List<Cell> row = new ArrayList<>();
            row.add(Cell.of(String.valueOf(layer)));
            for (Comparison.Row ranking : comparison.rows()) {
                row.add(Cell.significant(ranking.importance().of(layer)));
                row.add(comparison
                        .rank(ranking, layer)
                        .map(rank -> Cell.of(String.valueOf(rank)))
                        .orElse(Cell.NONE));
                row.add(Cell.tick(ranking.proposed().contains(layer)));
            }
            row.add(Cell.of(String.valueOf(votes.get(layer))));
            row.add(Cell.significant(consensus.of(layer)));
            row.add(Cell.tick(together.contains(layer)));
            rows.add(row);
        }
        return new Sheet(columns, rows);
    }
}
