package org.layerwise.gui.stability;

import static org.layerwise.gui.text.Messages.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.uncertainty.Baseline;
import org.layerwise.analysis.uncertainty.Uncertainty;
import org.layerwise.analysis.uncertainty.Uncertainty.OverlapAt;
import org.layerwise.chart.ChartStyle;
import org.layerwise.chart.OverlapCurveChart;
import org.layerwise.chart.SelectionProbabilityChart;
import org.layerwise.gui.chart.Figure;
import org.layerwise.gui.sheet.Sheet;
import org.layerwise.gui.sheet.Sheet.Cell;
import org.layerwise.gui.sheet.Sheet.Column;
import org.layerwise.gui.text.Figures;
import org.layerwise.study.Analysis;
import org.layerwise.study.MeasureResult;

/**
 * What resampling says of an analysis, in sentences and tables.
 *
 * @param proposed the layers that the analysis proposes by this measure, 0-based
 */
record Stability(Analysis analysis, MeasureResult result, Uncertainty uncertainty, SortedSet<Integer> proposed) {

    /** Enough samples find at least this share of the proposed layers again. */
    static final double ENOUGH = 0.9;

    static Stability of(Analysis analysis, MeasureResult result, Uncertainty uncertainty) {
        return new Stability(
                analysis,
                result,
                uncertainty,
                new TreeSet<>(analysis.proposed(result).layers()));
    }

    /** How many of the proposed layers are chosen again. */
    String overlap() {
        return text(
                "stability.overlap",
                Figures.exact(uncertainty.replicates()),
                String.format(Locale.ENGLISH, "%.1f", uncertainty.expectedOverlap() * proposed.size()),
                proposed.size());
    }

    /** One or two sentences on the values that the intervals of the table cover. */
    String intervals() {
        return uncertainty.kind().note();
    }

    /**
     * Whether the samples were enough: whether already half of them find nine in ten of the proposed layers again. Empty
     * where no smaller counts were tried.
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
                ? text("stability.enough", Figures.exact(all), Figures.exact(enough.samples()), Figures.percent(ENOUGH))
                : text(
                        "stability.few",
                        Figures.exact(all),
                        Figures.exact(half.samples()),
                        Figures.percent(half.overlap()));
    }

    /** What unrelated data give, and which layers are no more similar than that; empty without a baseline. */
    String unrelated() {
        Baseline baseline = result.baseline();
        if (baseline == null) {
            return "";
        }
        List<Integer> within = new ArrayList<>();
        double highest = Double.NEGATIVE_INFINITY;
        for (int layer = 0; layer < analysis.layers(); layer++) {
            Baseline.Level level = baseline.of(layer).orElse(null);
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
                ? text("stability.unrelated.above", Figures.significant(highest))
                : text("stability.unrelated.within", Figures.significant(highest), Figures.layers(within));
    }

    /** How often each layer is chosen. */
    SelectionProbabilityChart probabilityChart(ChartStyle style) {
        return new SelectionProbabilityChart(uncertainty, proposed, style);
    }

    /** How many of the proposed layers fewer samples find. */
    OverlapCurveChart curveChart(ChartStyle style) {
        return new OverlapCurveChart(uncertainty, style);
    }

    /** The first of its charts, to be written. */
    Figure probabilityFigure() {
        return new Figure(
                "stability",
                title("figure.chosen"),
                fileName("chosen"),
                probabilityChart(ChartStyle.light()).exportSize(),
                style -> probabilityChart(style).chart(),
                () -> layers().csv());
    }

    /** The second of its charts, to be written. */
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

    /** A row a layer. */
    Sheet layers() {
        Baseline baseline = result.baseline();
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
            row.add(new Cell(proposed.contains(layer) ? "✓" : "", proposed.contains(layer) ? "1" : "0"));
            double chosen = uncertainty.selected().get(layer);
            row.add(new Cell(Figures.share(chosen), String.valueOf(chosen)));
            row.add(number(result.importance().of(layer)));
            var interval = uncertainty.interval(layer);
            row.add(interval.map(range -> number(range.low())).orElse(Cell.NONE));
            row.add(interval.map(range -> number(range.high())).orElse(Cell.NONE));
            if (baseline != null) {
                var level = baseline.of(layer);
                row.add(number(similarity(layer)));
                row.add(level.map(found -> number(found.mean())).orElse(Cell.NONE));
                row.add(level.map(found -> number(found.high())).orElse(Cell.NONE));
            }
            rows.add(row);
        }
        return new Sheet(columns, rows);
    }

    /** A row a sample count. */
    Sheet curve() {
        List<Column> columns = List.of(
                named("samples", true), named("overlap", true), named("fifth", true), named("ninetyfifth", true));
        return new Sheet(
                columns,
                uncertainty.curve().stream()
                        .map(point -> List.of(
                                new Cell(Figures.exact(point.samples()), String.valueOf(point.samples())),
                                share(point.overlap()),
                                share(point.low()),
                                share(point.high())))
                        .toList());
    }

    private OptionalDouble similarity(int layer) {
        return result.importance().similarity(layer).asOptional();
    }

    private static Column named(String key, boolean number) {
        return new Column(
                text("stability.column." + key), text("stability.file." + key), text("stability.tip." + key), number);
    }

    private static Cell number(OptionalDouble value) {
        return value.isPresent() ? number(value.getAsDouble()) : Cell.NONE;
    }

    private static Cell number(double value) {
        return new Cell(Figures.significant(value), String.valueOf(value));
    }

    private static Cell share(double value) {
        return new Cell(Figures.percent(value), String.valueOf(value));
    }

    static @Nullable Stability of(@Nullable Analysis analysis, @Nullable MeasureResult result) {
        Uncertainty found = result == null ? null : result.uncertainty();
        return analysis == null || result == null || found == null ? null : of(analysis, result, found);
    }
}
