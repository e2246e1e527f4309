package org.layerwise.gui.analysis;

import static org.layerwise.gui.common.Messages.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.uncertainty.Reliability;
import org.layerwise.analysis.uncertainty.Uncertainty;
import org.layerwise.analysis.uncertainty.Uncertainty.OverlapAt;
import org.layerwise.analysis.uncertainty.UnrelatedSimilarity;
import org.layerwise.base.Decimals;
import org.layerwise.chart.SelectionProbabilityChart;
import org.layerwise.chart.curve.OverlapCurveChart;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.gui.chart.Figure;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.gui.common.Sheet;
import org.layerwise.gui.common.Sheet.Cell;
import org.layerwise.gui.common.Sheet.Column;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.MeasureResult;

/**
 * Results of resampling an analysis, as sentences and tables.
 *
 * @param proposed layers that the analysis proposes by this measure, 0-based
 */
record Stability(Analysis analysis, MeasureResult result, Uncertainty uncertainty, SortedSet<Integer> proposed) {

    /** Share of the proposed layers that enough samples must find again. */
    static final double ENOUGH = 0.9;

    static Stability of(Analysis analysis, MeasureResult result, Uncertainty uncertainty) {
        return new Stability(
                analysis,
                result,
                uncertainty,
                new TreeSet<>(analysis.proposed(result).layers()));
    }

    /** Returns a sentence with the number of proposed layers that are expected to be selected again. */
    String overlap() {
        return text(
                "stability.overlap",
                NumberTexts.exact(uncertainty.replicates()),
                Decimals.shortest(analysis.settings().ratio()),
                String.format(Locale.ENGLISH, "%.1f", uncertainty.expectedOverlap() * proposed.size()),
                proposed.size());
    }

    /** Returns one or two sentences that say which values the intervals of the table cover. */
    String intervals() {
        return uncertainty.kind().note();
    }

    /** Returns a sentence with the reliability of the ranking by split halves; empty if it is not known. */
    String reliability() {
        Reliability known = result.reliability();
        return known == null ? "" : text("stability.reliability", known.summary());
    }

    /**
     * Returns a sentence that says if there were enough samples, that is, if already half of them find nine in ten of
     * the proposed layers again. Empty if no smaller sample sizes were tried.
     */
    String samples() {
        List<OverlapAt> curve = uncertainty.curve();
        int all = analysis.samples();
        List<OverlapAt> fewer =
                curve.stream().filter(point -> 2 * point.samples() <= all).toList();
        if (fewer.isEmpty()) {
            return "";
        }
        OverlapAt half = fewer.get(fewer.size() - 1);
        OverlapAt enough = null;
        for (int at = curve.size() - 1; at >= 0 && curve.get(at).overlap() >= ENOUGH; at--) {
            enough = curve.get(at);
        }
        return enough != null && enough.samples() <= half.samples()
                ? text(
                        "stability.enough",
                        NumberTexts.exact(all),
                        NumberTexts.exact(enough.samples()),
                        NumberTexts.percent(ENOUGH))
                : text(
                        "stability.few",
                        NumberTexts.exact(all),
                        NumberTexts.exact(half.samples()),
                        NumberTexts.percent(half.overlap()));
    }

    /**
     * Returns a sentence with the similarity for unrelated data and the layers that are not above it; empty without a
     * baseline.
     */
    String unrelated() {
        UnrelatedSimilarity baseline = result.baseline();
        if (baseline == null) {
            return "";
        }
        List<Integer> within = new ArrayList<>();
        double highest = Double.NEGATIVE_INFINITY;
        for (int layer = 0; layer < analysis.layers(); layer++) {
            UnrelatedSimilarity.Level level = baseline.of(layer).orElse(null);
            OptionalDouble similarity = similarity(layer);
            if (level != null && similarity.isPresent()) {
                highest = Math.max(highest, level.high());
                if (similarity.getAsDouble() <= level.high()) {
                    within.add(layer);
                }
            }
        }
        if (highest == Double.NEGATIVE_INFINITY) {
            return "";
        }
        return within.isEmpty()
                ? text("stability.unrelated.above", NumberTexts.significant(highest))
                : text(
                        "stability.unrelated.within",
                        NumberTexts.significant(highest),
                        NumberTexts.layers(within),
                        within.size());
    }

    /** Returns a chart of how often each layer is selected when the samples are resampled. */
    SelectionProbabilityChart probabilityChart(ChartStyle style) {
        return new SelectionProbabilityChart(uncertainty, result.importance(), proposed, style);
    }

    /** Returns a chart of the share of the proposed layers that fewer samples find. */
    OverlapCurveChart curveChart(ChartStyle style) {
        return new OverlapCurveChart(uncertainty, result.importance(), style);
    }

    /** Returns the chart of selection probabilities as a figure for export. */
    Figure probabilityFigure() {
        return new Figure(
                "stability",
                title("figure.chosen"),
                fileName("chosen"),
                probabilityChart(ChartStyle.light()).exportSize(),
                style -> probabilityChart(style).chart(),
                () -> layers().csv());
    }

    /** Returns the chart of overlap against sample size as a figure for export. */
    Figure curveFigure() {
        return new Figure(
                "samples",
                title("figure.samples"),
                fileName("samples"),
                curveChart(ChartStyle.light()).exportSize(),
                style -> curveChart(style).chart(),
                () -> curve().csv());
    }

    private String title(String key) {
        return text(key, result.measure().title(), analysis.model(), analysis.task());
    }

    private String fileName(String what) {
        return "stability-%s-%s-%s"
                .formatted(what, analysis.task(), result.measure().id());
    }

    /** Returns a table with one row per layer. */
    Sheet layers() {
        UnrelatedSimilarity baseline = result.baseline();
        List<Column> columns = new ArrayList<>(List.of(
                named("layer", false),
                named("proposed", false),
                named("chosen", true),
                named("importance", true),
                named("low", true),
                named("high", true)));
        if (baseline != null) {
            columns.addAll(List.of(named("similarity", true), named("mean", true), named("limit", true)));
        }
        List<List<Cell>> rows = new ArrayList<>();
        for (int layer = 0; layer < analysis.layers(); layer++) {
            List<Cell> row = new ArrayList<>();
            row.add(Cell.of(String.valueOf(layer)));
            row.add(Cell.tick(proposed.contains(layer)));
            double chosen = uncertainty.selected().get(layer);
            row.add(Cell.of(NumberTexts.share(chosen), chosen));
            row.add(Cell.significant(result.importance().of(layer)));
            var interval = uncertainty.interval(layer);
            row.add(interval.map(range -> Cell.significant(range.low())).orElse(Cell.NONE));
            row.add(interval.map(range -> Cell.significant(range.high())).orElse(Cell.NONE));
            if (baseline != null) {
                var level = baseline.of(layer);
                row.add(Cell.significant(similarity(layer)));
                row.add(level.map(found -> Cell.significant(found.mean())).orElse(Cell.NONE));
                row.add(level.map(found -> Cell.significant(found.high())).orElse(Cell.NONE));
            }
            rows.add(row);
        }
        return new Sheet(columns, rows);
    }

    /** Returns a table with one row per sample size. */
    Sheet curve() {
        List<Column> columns = List.of(
                named("samples", true), named("overlap", true), named("fifth", true), named("ninetyfifth", true));
        return new Sheet(
                columns,
                uncertainty.curve().stream()
                        .map(point -> List.of(
                                Cell.count(point.samples()),
                                Cell.percent(point.overlap()),
                                Cell.percent(point.low()),
                                Cell.percent(point.high())))
                        .toList());
    }

    private OptionalDouble similarity(int layer) {
        return result.importance().similarity(layer).asOptional();
    }

    private Column named(String key, boolean number) {
        return new Column(
                text("stability.column." + key),
                text("stability.file." + key),
                text(
                        "stability.tip." + key,
                        Decimals.shortest(analysis.settings().ratio())),
                number);
    }

    static @Nullable Stability of(@Nullable Analysis analysis, @Nullable MeasureResult result) {
        Uncertainty found = result == null ? null : result.uncertainty();
        return analysis == null || result == null || found == null ? null : of(analysis, result, found);
    }
}
