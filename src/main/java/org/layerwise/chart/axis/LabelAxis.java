package org.layerwise.chart.axis;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import org.jfree.chart.axis.AxisSpace;
import org.jfree.chart.axis.AxisState;
import org.jfree.chart.axis.NumberTick;
import org.jfree.chart.axis.ValueTick;
import org.jfree.chart.plot.Plot;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.TextAnchor;
import org.jspecify.annotations.Nullable;

/** Axis with names at positions 0, 1, 2, …, of which some may be empty. Names below a plot are rotated upright if they would otherwise overlap. */
public final class LabelAxis extends SpacedAxis {

    private final List<String> labels;
    private boolean rotated;

    public LabelAxis(List<String> labels) {
        this(labels, null);
    }

    /** Creates an axis with a title; null for none. */
    public LabelAxis(List<String> labels, @Nullable String title) {
        super(title);
        this.labels = List.copyOf(labels);
        setRange(-0.5, labels.size() - 0.5);
    }

    /**
     * Returns the names with some of them replaced by empty ones, so that those left are at equal distances and do not overlap. The last
     * name is kept.
     *
     * @param most maximum number of names that are kept
     */
    public static List<String> some(List<String> all, int most) {
        int every = Math.max(1, (all.size() + most - 1) / most);
        List<String> kept = new ArrayList<>();
        for (int at = 0; at < all.size(); at++) {
            kept.add((all.size() - 1 - at) % every == 0 ? all.get(at) : "");
        }
        return kept;
    }

    @Override
    public AxisSpace reserveSpace(Graphics2D g2, Plot plot, Rectangle2D area, RectangleEdge edge, AxisSpace space) {
        double width = longest(g2);
        double line = g2.getFontMetrics(getTickLabelFont()).getHeight();
        boolean below = RectangleEdge.isTopOrBottom(edge);
        double room = below && !upright(g2, area.getWidth()) ? line : width;
        AxisSpace reserved = space == null ? new AxisSpace() : space;
        double insets = below
                ? getTickLabelInsets().getTop() + getTickLabelInsets().getBottom()
                : getTickLabelInsets().getLeft() + getTickLabelInsets().getRight();
        Rectangle2D title = getLabelEnclosure(g2, edge);
        reserved.ensureAtLeast(room + insets + (below ? title.getHeight() : title.getWidth()), edge);
        return reserved;
    }

    @Override
    public List<ValueTick> refreshTicks(Graphics2D g2, AxisState state, Rectangle2D dataArea, RectangleEdge edge) {
        boolean below = RectangleEdge.isTopOrBottom(edge);
        boolean upright = below && upright(g2, dataArea.getWidth());
        rotated = upright;
        TextAnchor anchor = !below || upright ? TextAnchor.CENTER_RIGHT : TextAnchor.TOP_CENTER;
        List<ValueTick> ticks = new ArrayList<>();
        for (int at = 0; at < labels.size(); at++) {
            ticks.add(new NumberTick(at, labels.get(at), anchor, anchor, upright ? -Math.PI / 2 : 0));
        }
        return ticks;
    }

    private boolean upright(Graphics2D g2, double width) {
        double gap = getTickLabelInsets().getLeft() + getTickLabelInsets().getRight();
        long shown = labels.stream().filter(label -> !label.isEmpty()).count();
        return longest(g2) + gap > width / Math.max(1, shown);
    }

    /** Returns true if the names were rotated when they were last drawn, so that the title keeps its distance from them. */
    @Override
    public boolean isVerticalTickLabels() {
        return rotated;
    }

    private double longest(Graphics2D g2) {
        return labels.stream()
                .mapToDouble(label -> g2.getFontMetrics(getTickLabelFont()).stringWidth(label))
                .max()
                .orElse(0);
    }
}
