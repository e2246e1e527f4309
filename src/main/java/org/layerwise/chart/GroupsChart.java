package org.layerwise.chart;

import java.awt.Color;
import java.util.List;
import java.util.stream.IntStream;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.LegendItemCollection;
import org.jfree.chart.plot.DatasetRenderingOrder;
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
import org.layerwise.chart.axis.SpacedAxis;
import org.layerwise.chart.axis.XyFrame;
import org.layerwise.chart.style.ChartSize;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.Strokes;

/**
 * Groups of a few values each. Each value is a ring, the mean of a group is a dot, and the interval of the mean is an
 * error bar. The groups are either side by side with their names below, or placed along a numerical x axis.
 *
 * <p>Not safe for use by several threads.
 */
public final class GroupsChart {

    private static final double TICK_DISTANCE_X = 64;
    private static final double RING = 6;
    private static final double DOT = 9;
    private static final double CAP = 8;
    private static final double SIDE_MARGIN = 0.12;
    private static final double MARGIN = 0.08;
    // the rings are beside the dot, so that they do not overlap
    private static final double ASIDE = 0.14;
    private static final double APART = 0.03;
    private static final ChartSize EXPORT_SIZE = new ChartSize(640, 400);

    private final List<Group> groups;
    private final boolean named;
    private final XYLineAndShapeRenderer rings = new XYLineAndShapeRenderer(false, true);
    private final XYErrorRenderer dots = new XYErrorRenderer();
    private final XyFrame frame;
    private ChartStyle style;

    /**
     * Group of values.
     *
     * @param name name of the group on the axis or in the legend
     * @param place position along a numerical x axis; ignored for groups side by side
     * @param values values of the group
     * @param mean mean of the values
     * @param interval interval of the mean; null for none
     */
    public record Group(String name, double place, List<Double> values, double mean, @Nullable Interval interval) {

        public Group {
            values = List.copyOf(values);
        }
    }

    private GroupsChart(List<Group> groups, boolean named, SpacedAxis x, String quantity, ChartStyle style) {
        this.groups = List.copyOf(groups);
        this.named = named;
        this.style = style;
        RoundAxis y = RoundAxis.ofNumbers(quantity);
        y.setAutoRangeStickyZero(false);
        y.setLowerMargin(MARGIN);
        y.setUpperMargin(MARGIN);
        frame = new XyFrame(values(), rings, x, TICK_DISTANCE_X, y, this::legendItems, style);
        XYPlot plot = frame.plot();
        plot.setDataset(1, means());
        plot.setRenderer(1, dots);
        plot.setDatasetRenderingOrder(DatasetRenderingOrder.FORWARD);
        dots.setDrawXError(false);
        restyle(style);
    }

    /** Creates a chart with the groups side by side, in their order. */
    public static GroupsChart sideBySide(List<Group> groups, String quantity, ChartStyle style) {
        LabelAxis names = new LabelAxis(groups.stream().map(Group::name).toList());
        return new GroupsChart(groups, true, names, quantity, style);
    }

    /**
     * Creates a chart with the groups along a numerical x axis that starts at 0. Groups at the same position are drawn
     * slightly apart.
     */
    public static GroupsChart along(String places, List<Group> groups, String quantity, ChartStyle style) {
        RoundAxis x = RoundAxis.ofCounts(places);
        x.setAutoRangeIncludesZero(true);
        x.setAutoRangeStickyZero(true);
        x.setUpperMargin(SIDE_MARGIN);
        return new GroupsChart(groups, false, x, quantity, style);
    }

    /** Returns the chart to show or to export. Every call returns the same object. */
    public JFreeChart chart() {
        return frame.chart();
    }

    /** Returns a size for a figure in a paper. */
    public ChartSize exportSize() {
        return EXPORT_SIZE;
    }

    /** Changes the style and redraws once. */
    public void restyle(ChartStyle other) {
        this.style = other;
        frame.restyle(other, () -> {
            dots.setErrorStroke(other.stroke(2));
            dots.setCapLength(other.scaled(CAP));
            for (int i = 0; i < groups.size(); i++) {
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
        });
    }

    private XYSeriesCollection values() {
        XYSeriesCollection data = new XYSeriesCollection();
        for (int i = 0; i < groups.size(); i++) {
            XYSeries series = new XYSeries(groups.get(i).name());
            for (double value : groups.get(i).values()) {
                series.add(place(i) + (named ? ASIDE : 0), value);
            }
            data.addSeries(series);
        }
        return data;
    }

    private YIntervalSeriesCollection means() {
        YIntervalSeriesCollection data = new YIntervalSeriesCollection();
        for (int i = 0; i < groups.size(); i++) {
            Group group = groups.get(i);
            YIntervalSeries series = new YIntervalSeries(group.name());
            Interval interval = group.interval() == null ? new Interval(group.mean(), group.mean()) : group.interval();
            series.add(place(i), group.mean(), interval.low(), interval.high());
            data.addSeries(series);
        }
        return data;
    }

    private double place(int group) {
        if (named) {
            return group;
        }
        double place = groups.get(group).place();
        double highest = groups.stream().mapToDouble(Group::place).max().orElse(1);
        List<Integer> there = IntStream.range(0, groups.size())
                .filter(other -> groups.get(other).place() == place)
                .boxed()
                .toList();
        return place + APART * highest * (there.indexOf(group) - (there.size() - 1) / 2.0);
    }

    private LegendItemCollection legendItems() {
        LegendItemCollection items = new LegendItemCollection();
        if (!named) {
            for (int i = 0; i < groups.size(); i++) {
                Color colour = style.theme().run(i);
                items.add(Strokes.outlined(groups.get(i).name(), style, style.circle(DOT), colour, colour));
            }
        }
        Color muted = style.theme().muted();
        items.add(Strokes.outlined(
                "a seed", style, style.circle(RING), style.theme().canvas(), muted));
        items.add(Strokes.outlined("mean", style, style.circle(DOT), muted, muted));
        if (groups.stream().anyMatch(group -> group.interval() != null)) {
            items.add(Strokes.lineItem("95 % interval", style, style.stroke(2), muted));
        }
        return items;
    }
}
