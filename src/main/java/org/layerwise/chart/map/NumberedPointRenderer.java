package org.layerwise.chart.map;

import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.Paint;
import java.awt.geom.Line2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.CrosshairState;
import org.jfree.chart.plot.PlotRenderingInfo;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYItemRendererState;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.data.xy.XYDataset;
import org.jspecify.annotations.Nullable;
import org.layerwise.chart.style.ChartStyle;

/**
 * Draws a path of numbered points. A number stands at the side of its point where it covers least; the numbers of inner points that
 * would cover points or other numbers everywhere are left out.
 */
final class NumberedPointRenderer extends XYLineAndShapeRenderer {

    static final double POINT = 8;

    private static final int SIDES = 16;
    private static final double GAP = 3;
    private static final double COST_OF_LINE = 1;
    private static final double COST_OF_OTHER = 100;

    private final IntFunction<String> numbers;
    private final IntFunction<Paint> colours;
    private ChartStyle style;

    /**
     * Creates a renderer.
     *
     * @param numbers number of each point
     * @param colours colour of each point
     */
    NumberedPointRenderer(IntFunction<String> numbers, IntFunction<Paint> colours, ChartStyle style) {
        super(true, true);
        this.numbers = numbers;
        this.colours = colours;
        this.style = style;
    }

    void restyle(ChartStyle other) {
        style = other;
        setSeriesShape(0, other.circle(POINT));
        setSeriesPaint(0, other.theme().muted());
        setSeriesStroke(0, other.stroke(1.25));
        setUseFillPaint(true);
        setUseOutlinePaint(true);
        setSeriesOutlinePaint(0, other.theme().canvas());
        setSeriesOutlineStroke(0, other.stroke(1));
        setDrawOutlines(true);
    }

    @Override
    public Paint getItemFillPaint(int row, int column) {
        return colours.apply(column);
    }

    @Override
    public void drawItem(
            Graphics2D g2,
            XYItemRendererState state,
            Rectangle2D dataArea,
            @Nullable PlotRenderingInfo info,
            XYPlot plot,
            ValueAxis xAxis,
            ValueAxis yAxis,
            XYDataset data,
            int series,
            int item,
            @Nullable CrosshairState crosshair,
            int pass) {
        super.drawItem(g2, state, dataArea, info, plot, xAxis, yAxis, data, series, item, crosshair, pass);
        if (isItemPass(pass) && item == data.getItemCount(series) - 1) {
            List<Point2D> points = new ArrayList<>();
            for (int i = 0; i <= item; i++) {
                points.add(new Point2D.Double(
                        xAxis.valueToJava2D(data.getXValue(series, i), dataArea, RectangleEdge.BOTTOM),
                        yAxis.valueToJava2D(data.getYValue(series, i), dataArea, RectangleEdge.LEFT)));
            }
            drawNumbers(g2, points, dataArea);
        }
    }

    private void drawNumbers(Graphics2D g2, List<Point2D> points, Rectangle2D area) {
        g2.setFont(style.texts());
        FontMetrics metrics = g2.getFontMetrics();
        List<Rectangle2D> placed = new ArrayList<>();
        for (int end : new int[] {0, points.size() - 1}) {
            draw(g2, metrics, points, end, area, placed, true);
        }
        for (int i = 1; i < points.size() - 1; i++) {
            draw(g2, metrics, points, i, area, placed, false);
        }
    }

    private void draw(
            Graphics2D g2,
            FontMetrics metrics,
            List<Point2D> points,
            int item,
            Rectangle2D area,
            List<Rectangle2D> placed,
            boolean needed) {
        String number = numbers.apply(item);
        double width = metrics.stringWidth(number);
        double height = metrics.getAscent() - metrics.getDescent();
        Rectangle2D best = null;
        double least = Double.POSITIVE_INFINITY;
        for (int side = 0; side < SIDES; side++) {
            double angle = 2 * Math.PI * side / SIDES;
            double reach = style.scaled(POINT / 2 + GAP);
            double x = points.get(item).getX() + Math.cos(angle) * (reach + width / 2);
            double y = points.get(item).getY() - Math.sin(angle) * (reach + height / 2);
            Rectangle2D box = new Rectangle2D.Double(x - width / 2, y - height / 2, width, height);
            double cost = cost(box, item, points, area, placed);
            if (cost < least) {
                least = cost;
                best = box;
            }
        }
        if (best != null && (needed || least < COST_OF_OTHER)) {
            placed.add(best);
            double halo = style.scaled(1);
            g2.setPaint(style.theme().canvas());
            g2.fill(new Rectangle2D.Double(
                    best.getX() - halo, best.getY() - halo, width + 2 * halo, height + 2 * halo));
            g2.setPaint(style.theme().text());
            g2.drawString(number, (float) best.getX(), (float) best.getMaxY());
        }
    }

    private double cost(Rectangle2D box, int item, List<Point2D> points, Rectangle2D area, List<Rectangle2D> placed) {
        double cost = area.contains(box) ? 0 : COST_OF_OTHER;
        double gap = style.scaled(GAP / 2);
        Rectangle2D wide = new Rectangle2D.Double(
                box.getX() - gap, box.getY() - gap, box.getWidth() + 2 * gap, box.getHeight() + 2 * gap);
        for (Rectangle2D other : placed) {
            cost += wide.intersects(other) ? COST_OF_OTHER : 0;
        }
        double radius = style.scaled(POINT) / 2;
        Point2D middle = new Point2D.Double(box.getCenterX(), box.getCenterY());
        double own = middle.distance(points.get(item));
        for (int i = 0; i < points.size(); i++) {
            Point2D point = points.get(i);
            cost += i != item && middle.distance(point) < own ? COST_OF_OTHER : 0; // it would seem to be that point's
            cost += box.intersects(point.getX() - radius, point.getY() - radius, 2 * radius, 2 * radius)
                    ? COST_OF_OTHER
                    : 0;
            if (i > 0) {
                cost += new Line2D.Double(points.get(i - 1), point).intersects(wide) ? COST_OF_LINE : 0;
            }
        }
        return cost;
    }
}
