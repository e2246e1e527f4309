package org.layerwise.chart.heatmap;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jfree.chart.LegendItemCollection;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.PixelDrawing;
import org.layerwise.chart.style.Strokes;
import org.layerwise.selection.LayerKind;
import org.layerwise.selection.LayerKinds;

/**
 * Marks of the kinds of layers between the cells of a heatmap and its axes: a strip whose colour at a hidden state is that of
 * the kinds of the layer which computed it. State 0, the embeddings, has none.
 *
 * @param groups combinations of kinds, one colour each
 * @param layers index of each layer's combination
 */
record LayerKindMarks(List<List<LayerKind>> groups, List<Integer> layers) {

    /** No marks. */
    static final LayerKindMarks NONE = LayerKindMarks.of(LayerKinds.NONE);

    private static final double STRIP = 5;
    private static final double GAP = 2;
    private static final double SWATCH = 9;

    static LayerKindMarks of(LayerKinds kinds) {
        List<List<LayerKind>> groups = kinds.groups();
        return new LayerKindMarks(
                groups,
                IntStream.range(0, kinds.layers().size())
                        .mapToObj(layer -> groups.indexOf(kinds.of(layer)))
                        .toList());
    }

    /** Returns true if there is nothing to mark, since all layers are alike or their kinds are not known. */
    boolean isEmpty() {
        return layers.isEmpty();
    }

    /** Returns the room that the marks take beside the cells, in whole pixels. */
    double room(ChartStyle style) {
        return isEmpty() ? 0 : Math.ceil(style.scaled(STRIP + 2 * GAP));
    }

    /** Draws the mark of a hidden state, from x to another x, below the cells that end at y. */
    void drawBelow(Graphics2D g2, int state, double from, double to, double y, ChartStyle style) {
        double top = y + style.scaled(GAP);
        fill(g2, state, PixelDrawing.snapped(g2, from, top, to, top + style.scaled(STRIP)), style);
    }

    /** Draws the mark of a hidden state, from y to another y, at the left of the cells that begin at x. */
    void drawLeft(Graphics2D g2, int state, double from, double to, double x, ChartStyle style) {
        double right = x - style.scaled(GAP);
        fill(g2, state, PixelDrawing.snapped(g2, right - style.scaled(STRIP), from, right, to), style);
    }

    private void fill(Graphics2D g2, int state, Rectangle2D area, ChartStyle style) {
        if (state >= 1 && state <= layers.size()) {
            PixelDrawing.fill(g2, area, colour(layers.get(state - 1), style));
        }
    }

    private static Color colour(int group, ChartStyle style) {
        return style.theme().run(group);
    }

    /** Returns the legend of the marks. */
    LegendItemCollection legend(ChartStyle style) {
        LegendItemCollection items = new LegendItemCollection();
        for (int group = 0; group < groups.size(); group++) {
            double side = style.scaled(SWATCH);
            items.add(Strokes.item(
                    groups.get(group).stream().map(LayerKind::title).collect(Collectors.joining(", ")),
                    style,
                    new Rectangle2D.Double(-side / 2, -side / 2, side, side),
                    colour(group, style)));
        }
        return items;
    }
}
