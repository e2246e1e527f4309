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

/**
 * Looks closer at a part of a chart and back at all of it. JFreeChart's own zoom would forget the ranges that a chart came
 * with. Heatmaps show whole cells at every zoom; rankings are zoomed along their values. Charts over names have nothing to
 * look closer at.
 *
 * <p>Lengths are those of the drawn chart. Not safe for use by several threads.
 */
public final class ChartZoom {

    private static final double CLOSEST = 1e-6;
    private static final int FEWEST_CELLS = 2;
    private static final double ROUNDING = 1e-9;

    private final JFreeChart chart;
    private final Map<ValueAxis, Home> homes = new IdentityHashMap<>();

    /** What an axis shows when it is not zoomed. */
    private record Home(Range range, boolean auto) {}

    /** One whose chart shows all it has. */
    public ChartZoom(JFreeChart chart) {
        this.chart = chart;
    }

    /** Whether there is anything to look closer at. */
    public boolean possible() {
        return !axes().isEmpty();
    }

    /** Whether a drag may frame a part: not in a heatmap, where it frames layers. */
    public boolean framed() {
        return possible() && !(chart.getPlot() instanceof HeatmapPlot);
    }

    /** Whether less than everything is shown. */
    public boolean zoomed() {
        return axes().stream().anyMatch(homes::containsKey);
    }

    /**
     * Shows less or more around a place.
     *
     * @param factor of the length that is shown: below 1 closer, above 1 further away
     * @param x of the place that stays where it is
     * @param area where the values are drawn
     */
    public void by(double factor, double x, double y, Rectangle2D area) {
        Redraw.once(chart, () -> {
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
     * Shows what is in a box; of a box that is flat or narrow only the other side counts.
     *
     * @param least how long a side must be to count
     */
    public void into(Rectangle2D box, double least, Rectangle2D area) {
        Redraw.once(chart, () -> {
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
     * Moves what is shown, as far as there is more.
     *
     * @param across by so many of its widths to the right
     * @param up by so many of its heights
     */
    public void move(double across, double up) {
        Redraw.once(chart, () -> {
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

    /** Shows everything again. */
    public void reset() {
        Redraw.once(chart, () -> axes().forEach(axis -> {
            Home home = homes.remove(axis);
            if (home != null) {
                restore(axis, home);
            }
        }));
    }

    /** Shows the same part in another drawing of the same chart. */
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
            // a small step must not round to none
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
