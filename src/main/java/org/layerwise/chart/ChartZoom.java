package org.layerwise.chart;

import java.awt.geom.Rectangle2D;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.Plot;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.data.Range;
import org.layerwise.chart.axis.LabelAxis;
import org.layerwise.chart.heatmap.HeatmapPlot;
import org.layerwise.chart.ranking.RankingPlot;
import org.layerwise.chart.style.RedrawGroup;

/**
 * Zooms into a part of a chart and back out. JFreeChart's own zoom does not keep the axis ranges that a chart had at
 * first. Heatmaps always show whole cells; rankings are zoomed along their values only. Charts with names along the x
 * axis cannot be zoomed.
 *
 * <p>Lengths are those of the drawn chart. Not safe for use by several threads.
 */
public final class ChartZoom {

    private static final double CLOSEST = 1e-6;
    private static final int FEWEST_CELLS = 2;
    private static final double ROUNDING = 1e-9;

    private final JFreeChart chart;
    private final Map<ValueAxis, Home> homes = new IdentityHashMap<>();

    /** Range of an axis before any zoom. */
    private record Home(Range range, boolean auto) {}

    /** Creates a zoom for a chart that shows all of its data. */
    public ChartZoom(JFreeChart chart) {
        this.chart = chart;
    }

    /** Returns true if the chart can be zoomed. */
    public boolean possible() {
        return !axes().isEmpty();
    }

    /** Returns true if dragging a box may zoom. False for a heatmap, where dragging selects layers. */
    public boolean framed() {
        return possible() && !(chart.getPlot() instanceof HeatmapPlot);
    }

    /** Returns true if the chart is zoomed, so that it shows only a part of its data. */
    public boolean zoomed() {
        return axes().stream().anyMatch(homes::containsKey);
    }

    /**
     * Zooms in or out around a point.
     *
     * @param factor factor for the visible range of each axis: below 1 zooms in, above 1 zooms out
     * @param x x coordinate of the point that keeps its position
     * @param y y coordinate of the point that keeps its position
     * @param area rectangle in which the values are drawn
     */
    public void by(double factor, double x, double y, Rectangle2D area) {
        RedrawGroup.once(chart, () -> {
            for (ValueAxis axis : axes()) {
                Range now = axis.getRange();
                Home home = home(axis, now);
                double anchor = axis.java2DToValue(across(axis) ? x : y, area, edge(axis));
                double part = (now.constrain(anchor) - now.getLowerBound()) / now.getLength();
                show(axis, home, part(now, home.range, part, factor));
            }
        });
    }

    /**
     * Zooms to the content of a box. A side shorter than {@code least} leaves its axis unchanged.
     *
     * @param box box in the coordinates of the drawn chart
     * @param least minimum length of a side to count
     * @param area rectangle in which the values are drawn
     */
    public void into(Rectangle2D box, double least, Rectangle2D area) {
        RedrawGroup.once(chart, () -> {
            for (ValueAxis axis : axes()) {
                boolean across = across(axis);
                if ((across ? box.getWidth() : box.getHeight()) < least) {
                    continue;
                }
                double one = axis.java2DToValue(across ? box.getMinX() : box.getMaxY(), area, edge(axis));
                double other = axis.java2DToValue(across ? box.getMaxX() : box.getMinY(), area, edge(axis));
                Home home = home(axis, axis.getRange());
                double low = home.range.constrain(Math.min(one, other));
                double high = home.range.constrain(Math.max(one, other));
                if (high - low > home.range.getLength() * CLOSEST) {
                    show(axis, home, new Range(low, high));
                }
            }
        });
    }

    /**
     * Moves the visible part of a zoomed chart, at most to the ends of the data.
     *
     * @param across distance to the right, as a multiple of the visible width
     * @param up distance upwards, as a multiple of the visible height
     */
    public void move(double across, double up) {
        RedrawGroup.once(chart, () -> {
            for (ValueAxis axis : axes()) {
                Home home = homes.get(axis);
                if (home != null) {
                    Range now = axis.getRange();
                    double by = now.getLength() * (across(axis) ? across : up);
                    double whole = cells() ? Math.signum(by) * Math.max(1, Math.abs(Math.rint(by))) : by;
                    show(axis, home, within(now.getLowerBound() + (by == 0 ? 0 : whole), now.getLength(), home.range));
                }
            }
        });
    }

    /** Undoes all zooms, so that the chart shows all of its data. */
    public void reset() {
        RedrawGroup.once(chart, () -> axes().forEach(axis -> {
            Home home = homes.remove(axis);
            if (home != null) {
                restore(axis, home);
            }
        }));
    }

    /** Applies the zoom of this chart to another drawing of the same chart. */
    public void copyTo(JFreeChart other) {
        List<ValueAxis> here = axes();
        ChartZoom there = new ChartZoom(other);
        List<ValueAxis> axes = there.axes();
        for (int i = 0; i < Math.min(here.size(), axes.size()); i++) {
            if (homes.containsKey(here.get(i))) {
                there.set(axes.get(i), here.get(i).getRange());
            }
        }
    }

    private List<ValueAxis> axes() {
        Plot plot = chart.getPlot();
        if (plot instanceof RankingPlot ranking) {
            return List.of(ranking.getRangeAxis());
        }
        return plot instanceof XYPlot xy && !(xy.getDomainAxis() instanceof LabelAxis)
                ? List.of(xy.getDomainAxis(), xy.getRangeAxis())
                : List.of();
    }

    private boolean cells() {
        return chart.getPlot() instanceof HeatmapPlot;
    }

    private boolean across(ValueAxis axis) {
        return RectangleEdge.isTopOrBottom(edge(axis));
    }

    private RectangleEdge edge(ValueAxis axis) {
        return chart.getPlot() instanceof XYPlot xy
                ? axis == xy.getDomainAxis() ? xy.getDomainAxisEdge() : xy.getRangeAxisEdge()
                : RectangleEdge.BOTTOM;
    }

    private Home home(ValueAxis axis, Range now) {
        return homes.getOrDefault(axis, new Home(now, axis.isAutoRange()));
    }

    private Range part(Range now, Range all, double anchor, double factor) {
        double length = now.getLength() * factor;
        if (cells()) {
            // a small change must not be rounded to zero cells
            double whole = factor < 1
                    ? Math.min(now.getLength() - 1, Math.rint(length))
                    : Math.max(now.getLength() + 1, Math.rint(length));
            length = Math.max(Math.min(FEWEST_CELLS, all.getLength()), whole);
        }
        length = Math.max(length, all.getLength() * CLOSEST);
        double lower = now.getLowerBound() + anchor * (now.getLength() - length);
        return within(lower, length, all);
    }

    private Range within(double lower, double length, Range all) {
        if (length >= all.getLength()) {
            return all;
        }
        double least = cells() ? Math.rint(lower - all.getLowerBound()) + all.getLowerBound() : lower;
        double low = Math.max(all.getLowerBound(), Math.min(all.getUpperBound() - length, least));
        return new Range(low, low + length);
    }

    private void show(ValueAxis axis, Home home, Range range) {
        if (range.getLength() >= home.range.getLength() * (1 - ROUNDING)) {
            if (homes.remove(axis) != null) {
                restore(axis, home);
            }
        } else {
            homes.put(axis, home);
            set(axis, range);
        }
    }

    private void set(ValueAxis axis, Range range) {
        if (chart.getPlot() instanceof RankingPlot ranking) {
            ranking.zoom(range);
        }
        axis.setRange(range);
    }

    private void restore(ValueAxis axis, Home home) {
        if (chart.getPlot() instanceof RankingPlot ranking) {
            ranking.zoom(null);
        }
        if (home.auto) {
            axis.setAutoRange(true);
        } else {
            axis.setRange(home.range);
        }
    }
}
