package org.layerwise.chart.axis;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jfree.chart.axis.AxisState;
import org.jfree.chart.axis.NumberTick;
import org.jfree.chart.axis.ValueTick;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.TextAnchor;

/** Axis of counts on a binary logarithmic scale, with ticks at the given counts. */
public final class SampleCountAxis extends SpacedAxis {

    private static final double LOG_OF_2 = Math.log(2);
    private static final double MARGIN = 0.2;

    private final SortedSet<Integer> counts;

    public SampleCountAxis(String title, SortedSet<Integer> counts) {
        super(title);
        this.counts = new TreeSet<>(counts);
        double low = counts.isEmpty() ? 0 : position(counts.first());
        double high = counts.isEmpty() ? 1 : position(counts.last());
        setRange(low - MARGIN, high + MARGIN);
    }

    /** Returns the position of a count on the axis. */
    public static double position(int count) {
        return Math.log(count) / LOG_OF_2;
    }

    /** Places ticks from the largest count down, because the largest count is the most important one. */
    @Override
    public List<ValueTick> refreshTicks(Graphics2D g2, AxisState state, Rectangle2D dataArea, RectangleEdge edge) {
        List<ValueTick> ticks = new ArrayList<>();
        double last = Double.POSITIVE_INFINITY;
        List<Integer> falling = new ArrayList<>(counts);
        Collections.reverse(falling);
        for (int count : falling) {
            double x = valueToJava2D(position(count), dataArea, edge);
            if (last - x >= spacing()) {
                ticks.add(new NumberTick(
                        position(count), String.valueOf(count), TextAnchor.TOP_CENTER, TextAnchor.TOP_CENTER, 0));
                last = x;
            }
        }
        return ticks;
    }
}
