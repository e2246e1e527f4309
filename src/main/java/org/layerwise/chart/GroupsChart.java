package org.layerwise.chart;

import java.awt.Color;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.LegendItemCollection;
import org.jfree.chart.annotations.XYTextAnnotation;
import org.jfree.chart.plot.DatasetRenderingOrder;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYErrorRenderer;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.jfree.data.xy.YIntervalSeries;
import org.jfree.data.xy.YIntervalSeriesCollection;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.chart.axis.RoundAxis;
import org.layerwise.chart.axis.SpacedAxis;
import org.layerwise.chart.axis.XyFrame;
import org.layerwise.chart.style.ChartSize;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.Strokes;

/**
 * Groups of a few values each. Each value is a ring, the mean of a group is a dot, and the interval of the mean is an
 * error bar. The groups are placed along a numerical x axis. Many groups have numbers, since there are fewer colours.
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
    private static final double APART = 0.03;
    /** Parts of a step within which positions are nearly equal. */
    private static final int NEAR = 2;

    private static final int MOST_UNNUMBERED = 6;
    /** Part of the axis between a number and the ring below it. */
    private static final double GAP = 0.012;

    private static final int WIDTH = 640;
    private static final int HEIGHT = 400;
    /** Height of a line of the legend, and the number of groups in it. */
    private static final int LEGEND_LINE = 20;

    private static final int LEGEND_GROUPS = 3;

    private final List<Group> groups;
    private final XYLineAndShapeRenderer rings = new XYLineAndShapeRenderer(false, true);
    private final XYErrorRenderer dots = new XYErrorRenderer();
    private final List<XYTextAnnotation> numbers = new ArrayList<>();
    private final XyFrame frame;
    private final double[] places;
    private ChartStyle style;

    /**
     * Group of values.
     *
     * @param name name of the group in the legend
     * @param place position along the x axis
     * @param values values of the group
     * @param mean mean of the values
     * @param interval interval of the mean; null for none
     */
    public record Group(String name, double place, List<Double> values, double mean, @Nullable Interval interval) {

        public Group {
            values = List.copyOf(values);
        }
    }

    private GroupsChart(List<Group> groups, SpacedAxis x, String quantity, ChartStyle style) {
        this.groups = List.copyOf(groups);
        this.places = apart(groups);
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
        if (numbered()) {
            number(plot);
        }
        restyle(style);
    }

    /**
     * Creates a chart with the groups along a numerical x axis that starts at 0. Groups at nearly the same position
     * are drawn slightly apart.
     */
    public static GroupsChart along(String places, List<Group> groups, String quantity, ChartStyle style) {
        RoundAxis x = RoundAxis.ofCounts(places);
        x.setAutoRangeIncludesZero(true);
        x.setAutoRangeStickyZero(true);
        x.setUpperMargin(SIDE_MARGIN);
        return new GroupsChart(groups, x, quantity, style);
    }

    /** Returns the chart to show or to export. Every call returns the same object. */
    public JFreeChart chart() {
        return frame.chart();
    }

    /** Returns a size for a figure in a paper, with room for the legend. */
    public ChartSize exportSize() {
        return new ChartSize(WIDTH, HEIGHT + LEGEND_LINE * Math.max(0, (groups.size() - 1) / LEGEND_GROUPS - 1));
    }

    private boolean numbered() {
        return groups.size() > MOST_UNNUMBERED;
    }

    /** Writes the number of each group above its interval. */
    private void number(XYPlot plot) {
        double gap = GAP * plot.getRangeAxis().getRange().getLength();
        for (int i = 0; i < groups.size(); i++) {
            Group group = groups.get(i);
            double top = group.values().stream().reduce(group.mean(), Math::max);
            if (group.interval() != null) {
                top = Math.max(top, group.interval().high());
            }
            XYTextAnnotation number = new XYTextAnnotation(String.valueOf(i + 1), place(i), top + gap);
            number.setTextAnchor(TextAnchor.BOTTOM_CENTER);
            numbers.add(number);
            plot.addAnnotation(number);
        }
    }

    private String legendName(int group) {
        String name = groups.get(group).name();
        return numbered() ? "%s %s".formatted(group + 1, name) : name;
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
            numbers.forEach(number -> {
                number.setFont(other.texts());
                number.setPaint(other.theme().muted());
            });
            rings.setUseFillPaint(true);
            rings.setUseOutlinePaint(false);
        });
    }

    private XYSeriesCollection values() {
        XYSeriesCollection data = new XYSeriesCollection();
        for (int i = 0; i < groups.size(); i++) {
            XYSeries series = new XYSeries(groups.get(i).name());
            for (double value : groups.get(i).values()) {
                series.add(place(i), value);
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
        return places[group];
    }

    /**
     * Returns the positions at which groups are drawn: their own, or around the mean of neighbours that would otherwise be
     * less than a step apart, in the order of their positions, and of the list where these are nearly equal.
     */
    private static double[] apart(List<Group> groups) {
        double step = APART * groups.stream().mapToDouble(Group::place).max().orElse(1);
        Comparator<Integer> order =
                Comparator.comparingLong(group -> Math.round(groups.get(group).place() * NEAR / step));
        Deque<Cluster> clusters = new ArrayDeque<>();
        IntStream.range(0, groups.size()).boxed().sorted(order).forEach(group -> {
            Cluster next = new Cluster(List.of(group), groups.get(group).place());
            while (!clusters.isEmpty() && next.first(step) - clusters.getLast().last(step) < step) {
                next = clusters.removeLast().with(next);
            }
            clusters.add(next);
        });
        double[] places = new double[groups.size()];
        for (Cluster cluster : clusters) {
            for (int i = 0; i < cluster.groups().size(); i++) {
                places[cluster.groups().get(i)] = cluster.first(step) + i * step;
            }
        }
        return places;
    }

    /**
     * Groups that are drawn a step apart.
     *
     * @param groups indices of the groups, from left to right
     * @param middle mean of their own positions
     */
    private record Cluster(List<Integer> groups, double middle) {

        double first(double step) {
            return middle - step * (groups.size() - 1) / 2;
        }

        double last(double step) {
            return middle + step * (groups.size() - 1) / 2;
        }

        Cluster with(Cluster right) {
            List<Integer> all = new ArrayList<>(groups);
            all.addAll(right.groups);
            double sum = middle * groups.size() + right.middle * right.groups.size();
            return new Cluster(all, sum / all.size());
        }
    }

    private LegendItemCollection legendItems() {
        LegendItemCollection items = new LegendItemCollection();
        for (int i = 0; i < groups.size(); i++) {
            Color colour = style.theme().run(i);
            items.add(Strokes.outlined(legendName(i), style, style.circle(DOT), colour, colour));
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
