package org.layerwise.chart;

import java.awt.Color;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.LegendItemCollection;
import org.jfree.chart.plot.DatasetRenderingOrder;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYErrorRenderer;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.jfree.data.xy.YIntervalSeries;
import org.jfree.data.xy.YIntervalSeriesCollection;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.chart.axis.LabelAxis;
import org.layerwise.chart.axis.RoundAxis;
import org.layerwise.chart.axis.XyFrame;
import org.layerwise.chart.style.ChartSize;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.Strokes;

/**
 * Intervals of several things below each other, their names at the left, so that many and long names have room. Each
 * line has a mark per series: a dot with the interval as an error bar, and a ring for each single value.
 *
 * <p>Not safe for use by several threads.
 */
public final class IntervalsChart {

    private static final double TICK_DISTANCE = 72;
    private static final double RING = 5;
    private static final double DOT = 8;
    private static final double CAP = 6;
    private static final double MARGIN = 0.05;
    /** Distance of the rings from their dot, and of the marks of two series, in lines. */
    private static final double ASIDE = 0.2;

    private static final double APART = 0.3;
    private static final int WIDTH = 640;
    private static final int FRAME_HEIGHT = 90;
    private static final int LINE_HEIGHT = 22;
    private static final int MARK_HEIGHT = 6;

    private final List<String> series;
    private final List<Line> lines;
    private final String bar;
    private final XYLineAndShapeRenderer rings = new XYLineAndShapeRenderer(false, true);
    private final XYErrorRenderer dots = new XYErrorRenderer();
    private final XyFrame frame;
    private final RoundAxis quantity;
    private final @Nullable ValueMarker reference;
    private ChartStyle style;

    /**
     * Mark of a series in a line.
     *
     * @param value value of the dot
     * @param interval interval around it; null for none
     * @param values single values, drawn as rings
     */
    public record Mark(double value, @Nullable Interval interval, List<Double> values) {

        public Mark {
            values = List.copyOf(values);
        }
    }

    /**
     * Line of the chart.
     *
     * @param marks marks in the order of the series; null where a series has none
     */
    public record Line(String name, List<@Nullable Mark> marks) {}

    /**
     * Creates a chart.
     *
     * @param series names of the series, for the legend if there are several
     * @param lines lines from top to bottom, with one mark per series
     * @param quantity title of the axis of the values
     * @param bar words for the intervals in the legend
     * @param reference value of a dashed line across all lines; null for none
     */
    public IntervalsChart(
            List<String> series,
            List<Line> lines,
            String quantity,
            String bar,
            @Nullable Double reference,
            ChartStyle style) {
        this.series = List.copyOf(series);
        this.lines = List.copyOf(lines);
        this.bar = bar;
        this.style = style;
        this.quantity = RoundAxis.ofNumbers(quantity);
        this.quantity.setAutoRangeStickyZero(false);
        this.quantity.setLowerMargin(MARGIN);
        this.quantity.setUpperMargin(MARGIN);
        LabelAxis names = new LabelAxis(lines.stream().map(Line::name).toList());
        names.setInverted(true);
        frame = new XyFrame(values(), rings, names, LINE_HEIGHT, this.quantity, this::legendItems, style);
        XYPlot plot = frame.plot();
        plot.setOrientation(PlotOrientation.HORIZONTAL);
        plot.setDataset(1, means());
        plot.setRenderer(1, dots);
        plot.setDatasetRenderingOrder(DatasetRenderingOrder.FORWARD);
        dots.setDrawXError(false);
        if (reference == null) {
            this.reference = null;
        } else {
            this.reference = new ValueMarker(reference);
            plot.addRangeMarker(this.reference);
            this.quantity.setAutoRangeIncludesZero(reference == 0);
        }
        restyle(style);
    }

    /** Returns the chart to show or to export. Every call returns the same object. */
    public JFreeChart chart() {
        return frame.chart();
    }

    /** Returns a size for a figure in a paper, with room for all lines. */
    public ChartSize exportSize() {
        return new ChartSize(WIDTH, FRAME_HEIGHT + lines.size() * (LINE_HEIGHT + MARK_HEIGHT * (series.size() - 1)));
    }

    /** Changes the style and redraws once. */
    public void restyle(ChartStyle other) {
        this.style = other;
        frame.restyle(other, () -> {
            quantity.setSpacing(other.scaled(TICK_DISTANCE));
            dots.setErrorStroke(other.stroke(2));
            dots.setCapLength(other.scaled(CAP));
            for (int i = 0; i < series.size(); i++) {
                Color colour = other.theme().run(i);
                rings.setSeriesShape(i, other.circle(RING));
                rings.setSeriesPaint(i, colour);
                rings.setSeriesFillPaint(i, other.theme().canvas());
                rings.setSeriesOutlineStroke(i, other.stroke(1.5));
                dots.setSeriesShape(i, other.circle(DOT));
                dots.setSeriesPaint(i, colour);
            }
            rings.setUseFillPaint(true);
            rings.setUseOutlinePaint(false);
            if (reference != null) {
                reference.setPaint(other.theme().muted());
                reference.setStroke(Strokes.dashed(other, 1));
            }
        });
    }

    private double place(int line, int mark) {
        return line + APART * (mark - (series.size() - 1) / 2.0);
    }

    private XYSeriesCollection values() {
        XYSeriesCollection data = new XYSeriesCollection();
        for (int i = 0; i < series.size(); i++) {
            XYSeries rings = new XYSeries(series.get(i));
            for (int line = 0; line < lines.size(); line++) {
                Mark mark = lines.get(line).marks().get(i);
                if (mark != null) {
                    for (double value : mark.values()) {
                        rings.add(place(line, i) + ASIDE, value);
                    }
                }
            }
            data.addSeries(rings);
        }
        return data;
    }

    private YIntervalSeriesCollection means() {
        YIntervalSeriesCollection data = new YIntervalSeriesCollection();
        for (int i = 0; i < series.size(); i++) {
            YIntervalSeries dots = new YIntervalSeries(series.get(i));
            for (int line = 0; line < lines.size(); line++) {
                Mark mark = lines.get(line).marks().get(i);
                if (mark != null) {
                    Interval interval =
                            mark.interval() == null ? new Interval(mark.value(), mark.value()) : mark.interval();
                    dots.add(place(line, i), mark.value(), interval.low(), interval.high());
                }
            }
            data.addSeries(dots);
        }
        return data;
    }

    private boolean any(Predicate<Mark> has) {
        return lines.stream()
                .flatMap(line -> line.marks().stream())
                .filter(Objects::nonNull)
                .anyMatch(mark -> has.test(Objects.requireNonNull(mark)));
    }

    private LegendItemCollection legendItems() {
        LegendItemCollection items = new LegendItemCollection();
        Color muted = style.theme().muted();
        if (series.size() > 1) {
            for (int i = 0; i < series.size(); i++) {
                Color colour = style.theme().run(i);
                items.add(Strokes.outlined(series.get(i), style, style.circle(DOT), colour, colour));
            }
        } else {
            items.add(Strokes.outlined("mean", style, style.circle(DOT), muted, muted));
        }
        if (any(mark -> !mark.values().isEmpty())) {
            items.add(Strokes.outlined(
                    "a seed", style, style.circle(RING), style.theme().canvas(), muted));
        }
        if (any(mark -> mark.interval() != null)) {
            items.add(Strokes.lineItem(bar, style, style.stroke(2), muted));
        }
        return items;
    }
}
