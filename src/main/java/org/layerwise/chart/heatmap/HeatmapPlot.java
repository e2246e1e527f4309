package org.layerwise.chart.heatmap;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import org.jfree.chart.axis.AxisSpace;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.PlotRenderingInfo;
import org.jfree.chart.plot.PlotState;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.text.TextUtils;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.chart.ui.TextAnchor;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Similarity;
import org.layerwise.chart.axis.RoundAxis;
import org.layerwise.chart.style.ChartSize;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.ColourScale;
import org.layerwise.chart.style.PixelDrawing;

/**
 * Plot of cells, square by default, with a colour bar of the same height beside the cells. JFreeChart would stretch the cells to the
 * size of the pane and put the bar at the edge of the pane.
 */
public final class HeatmapPlot extends XYPlot {

    private static final double GAP = 14;
    private static final double STRIP = 12;
    private static final double SWATCH_GAP = 8;
    private static final double LEAST_OF_ROOM = 0.96;
    private static final double ROUNDING = 1e-6;
    private static final int BAR_STEPS = 256;
    private static final int EXPORT_SIDE = 440;
    private static final int EXPORT_WIDER = 200;
    private static final int EXPORT_HIGHER = 100;
    private static final int LEAST_EXPORT_SIDE = 160;

    /** Word in the legend for cells without a value. */
    static final String UNDEFINED = "undefined";

    private final HeatmapCells cells;
    private final HeatmapRenderer renderer;
    private final ColourScale colours;
    private final boolean mirrored;
    private final LayerKindMarks marks;
    private final RoundAxis barAxis;
    private final String hatched;
    private double stretch = 1;
    private ChartStyle style;
    private HeatmapChart.@Nullable Pair highlighted;
    private HeatmapChart.@Nullable Pair frameFrom;
    private HeatmapChart.@Nullable Pair frameTo;

    /** @param hatched word in the legend for hatched cells */
    HeatmapPlot(
            HeatmapCells cells,
            HeatmapRenderer renderer,
            ColourScale colours,
            boolean mirrored,
            LayerKindMarks marks,
            ValueAxis x,
            ValueAxis y,
            RoundAxis barAxis,
            String hatched,
            ChartStyle style) {
        super(cells, x, y, renderer);
        this.cells = cells;
        this.renderer = renderer;
        this.colours = colours;
        this.mirrored = mirrored;
        this.marks = marks;
        this.barAxis = barAxis;
        this.hatched = hatched;
        this.style = style;
        setBackgroundPaint(null);
        setOutlineVisible(false);
        setDomainGridlinesVisible(false);
        setRangeGridlinesVisible(false);
        setInsets(RectangleInsets.ZERO_INSETS);
        restyle(style);
    }

    /** Returns the axis of the bar of colours, whose title runs upwards, as on the y axis. */
    static RoundAxis barAxis(String title, ColourScale colours) {
        RoundAxis bar = RoundAxis.ofNumbers(title);
        bar.setRange(colours.lower(), colours.upper());
        bar.setLabelAngle(Math.PI);
        return bar;
    }

    /** Returns an axis of cells that are numbered from 0. */
    static RoundAxis cellAxis(String title, int cells) {
        RoundAxis axis = RoundAxis.ofLayers(title, cells - 1);
        axis.setRange(-0.5, cells - 0.5);
        return axis;
    }

    /** Returns a size for a figure in a paper, in the proportions of the cells. */
    static ChartSize figureSize(int rows, int columns) {
        double largest = Math.max(rows, columns);
        return new ChartSize(EXPORT_WIDER + side(columns / largest), EXPORT_HIGHER + side(rows / largest));
    }

    private static int side(double part) {
        return Math.max(LEAST_EXPORT_SIDE, (int) Math.round(EXPORT_SIDE * part));
    }

    /** Gives all room to the cells, which then may be higher or wider than square. */
    void fillRoom() {
        fillRoom(Double.POSITIVE_INFINITY);
    }

    /**
     * Lets cells be higher or wider than square where there is room.
     *
     * @param most longer side of a cell divided by its shorter one, at least 1
     */
    void fillRoom(double most) {
        stretch = most;
    }

    void restyle(ChartStyle other) {
        this.style = other;
        double room = marks.room(other);
        setAxisOffset(new RectangleInsets(0, room, room, 0)); // not in draw, since it asks for another drawing
    }

    void highlight(HeatmapChart.@Nullable Pair pair) {
        this.highlighted = pair;
        fireChangeEvent();
    }

    void frame(HeatmapChart.@Nullable Pair from, HeatmapChart.@Nullable Pair to) {
        this.frameFrom = from;
        this.frameTo = to;
        fireChangeEvent();
    }

    @Override
    public void draw(
            Graphics2D g2,
            Rectangle2D area,
            @Nullable Point2D anchor,
            @Nullable PlotState parentState,
            @Nullable PlotRenderingInfo info) {
        double barWidth = barWidth(g2, area);
        Rectangle2D left =
                new Rectangle2D.Double(area.getX(), area.getY(), area.getWidth() - barWidth, area.getHeight());
        AxisSpace space = calculateAxisSpace(g2, left);
        Rectangle2D inner = space.shrink(left, null);
        int columns = shown(getDomainAxis());
        int rows = shown(getRangeAxis());
        double room = marks.room(style);
        double across = (inner.getWidth() - room) / columns;
        double down = (inner.getHeight() - room) / rows;
        int width = wholeCells(Math.min(across, down * stretch) * columns, columns);
        int height = wholeCells(Math.min(down, across * stretch) * rows, rows);
        if (Math.min(width, height) < 1) {
            return; // a pane that the user drags shut has no room for cells
        }
        double x = Math.floor(area.getX() + (inner.getWidth() - room - width) / 2);
        double y = Math.floor(area.getY() + (inner.getHeight() - room - height) / 2);
        Rectangle2D square = new Rectangle2D.Double(
                x,
                y,
                space.getLeft() + room + width + space.getRight(),
                space.getTop() + height + room + space.getBottom());
        super.draw(g2, square, anchor, parentState, info);
        Rectangle2D dataArea = new Rectangle2D.Double(x + space.getLeft() + room, y + space.getTop(), width, height);
        Shape clip = g2.getClip();
        if (columns < cells.columns() || rows < cells.rows()) {
            g2.clip(dataArea); // hides the marks of cells outside of the visible part
        }
        drawHighlight(g2, dataArea);
        drawFrame(g2, dataArea);
        g2.setClip(clip);
        drawMarks(g2, dataArea, room);
        drawBar(g2, area, dataArea);
    }

    /** Returns the number of cells that an axis shows, which is smaller for a zoomed chart. */
    private static int shown(ValueAxis axis) {
        return Math.max(1, (int) Math.round(axis.getRange().getLength()));
    }

    /**
     * Rounds the axis space up to whole pixels. XYPlot truncates fractions, so the edges of the cells would otherwise
     * differ between XYPlot and this class.
     */
    @Override
    protected AxisSpace calculateAxisSpace(Graphics2D g2, Rectangle2D plotArea) {
        AxisSpace space = super.calculateAxisSpace(g2, plotArea);
        space.setLeft(Math.ceil(space.getLeft()));
        space.setRight(Math.ceil(space.getRight()));
        space.setTop(Math.ceil(space.getTop()));
        space.setBottom(Math.ceil(space.getBottom()));
        return space;
    }

    private static int wholeCells(double available, int cells) {
        int side = (int) Math.floor(available + ROUNDING);
        int whole = side - side % cells;
        // equal cell sizes are worth a small part of the room, not a large one
        return whole >= side * LEAST_OF_ROOM ? whole : side;
    }

    private double barWidth(Graphics2D g2, Rectangle2D area) {
        AxisSpace space = barAxis.reserveSpace(g2, this, area, RectangleEdge.RIGHT, new AxisSpace());
        double swatch = cells.anyUndefined()
                ? style.scaled(STRIP + SWATCH_GAP) + metrics(g2).stringWidth(hatched)
                : 0;
        return style.scaled(GAP) + Math.max(style.scaled(STRIP) + space.getRight(), swatch);
    }

    private void drawBar(Graphics2D g2, Rectangle2D area, Rectangle2D dataArea) {
        double x = dataArea.getMaxX() + style.scaled(GAP);
        double width = style.scaled(STRIP);
        double swatchHeight = cells.anyUndefined() ? style.scaled(STRIP) : 0;
        double bottom = dataArea.getMaxY() - (swatchHeight > 0 ? swatchHeight + style.scaled(GAP) : 0);
        Rectangle2D strip = new Rectangle2D.Double(x, dataArea.getY(), width, Math.max(1, bottom - dataArea.getY()));
        double lower = colours.lower();
        double length = colours.upper() - lower;
        for (int step = 0; step < BAR_STEPS; step++) {
            double from = strip.getMaxY() - strip.getHeight() * step / BAR_STEPS;
            double to = strip.getMaxY() - strip.getHeight() * (step + 1) / BAR_STEPS;
            PixelDrawing.fill(
                    g2,
                    PixelDrawing.snapped(g2, x, from, x + width, to),
                    colours.colour(lower + length * (step + 0.5) / BAR_STEPS, style.theme()));
        }
        barAxis.draw(g2, strip.getMaxX(), area, strip, RectangleEdge.RIGHT, null);
        if (swatchHeight > 0) {
            double y = dataArea.getMaxY();
            renderer.draw(
                    g2, PixelDrawing.snapped(g2, x, y - swatchHeight, x + width, y), new Similarity.Undefined(hatched));
            g2.setFont(style.texts());
            g2.setPaint(style.theme().muted());
            TextUtils.drawAlignedString(
                    hatched,
                    g2,
                    (float) (x + width + style.scaled(SWATCH_GAP)),
                    (float) (y - swatchHeight / 2),
                    TextAnchor.CENTER_LEFT);
        }
    }

    private void drawMarks(Graphics2D g2, Rectangle2D dataArea, double room) {
        Shape clip = g2.getClip();
        double left = dataArea.getX();
        double bottom = dataArea.getMaxY();
        g2.clip(new Rectangle2D.Double(left, bottom, dataArea.getWidth(), room));
        for (int column = 0; column < cells.columns(); column++) {
            Rectangle2D cell = renderer.area(g2, dataArea, this, 0, column);
            marks.drawBelow(g2, column, cell.getMinX(), cell.getMaxX(), bottom, style);
        }
        g2.setClip(clip);
        g2.clip(new Rectangle2D.Double(left - room, dataArea.getY(), room, dataArea.getHeight()));
        for (int row = 0; row < cells.rows(); row++) {
            Rectangle2D cell = renderer.area(g2, dataArea, this, row, 0);
            marks.drawLeft(g2, row, cell.getMinY(), cell.getMaxY(), left, style);
        }
        g2.setClip(clip);
    }

    private void drawHighlight(Graphics2D g2, Rectangle2D dataArea) {
        HeatmapChart.Pair pair = highlighted;
        if (pair == null || pair.row() >= cells.rows() || pair.column() >= cells.columns()) {
            return;
        }
        Rectangle2D row = block(g2, dataArea, pair.row(), 0, pair.row(), cells.columns() - 1);
        Rectangle2D column = block(g2, dataArea, 0, pair.column(), cells.rows() - 1, pair.column());
        outline(g2, row, 1, new Color(255, 255, 255, 150));
        outline(g2, column, 1, new Color(255, 255, 255, 150));
        // black inside white is visible at both ends of the colour scale
        mark(g2, renderer.area(g2, dataArea, this, pair.row(), pair.column()));
        if (mirrored) {
            mark(g2, renderer.area(g2, dataArea, this, pair.column(), pair.row()));
        }
    }

    private void drawFrame(Graphics2D g2, Rectangle2D dataArea) {
        HeatmapChart.Pair from = frameFrom;
        HeatmapChart.Pair to = frameTo;
        if (from != null && to != null) {
            mark(g2, block(g2, dataArea, from.row(), from.column(), to.row(), to.column()));
        }
    }

    private Rectangle2D block(Graphics2D g2, Rectangle2D dataArea, int row, int column, int otherRow, int otherColumn) {
        return renderer.area(g2, dataArea, this, row, column)
                .createUnion(renderer.area(g2, dataArea, this, otherRow, otherColumn));
    }

    private void mark(Graphics2D g2, Rectangle2D area) {
        outline(g2, area, 4, Color.WHITE);
        outline(g2, area, 1.5, Color.BLACK);
    }

    private void outline(Graphics2D g2, Rectangle2D area, double width, Color colour) {
        g2.setStroke(new BasicStroke((float) style.scaled(width)));
        g2.setPaint(colour);
        g2.draw(area);
    }

    private FontMetrics metrics(Graphics2D g2) {
        return g2.getFontMetrics(style.texts());
    }
}
