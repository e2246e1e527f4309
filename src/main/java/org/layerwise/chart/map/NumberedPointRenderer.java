package org.layerwise.chart.map;

import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.Paint;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
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
 * Draws paths of numbered points: circles, and squares for the second path. A number stands at the side of its point where it covers
 * least; the numbers of inner points that would cover points or other numbers everywhere are left out.
 */
final class NumberedPointRenderer extends XYLineAndShapeRenderer {

    static final double POINT = 8;

    private static final int SIDES = 16;
    private static final double GAP = 3;
    private static final double COST_OF_LINE = 1;
    private static final double COST_OF_OTHER = 100;

    private static final int PATHS = 2;

    private final OfPoint<String> numbers;
    private final OfPoint<Paint> colours;
    private ChartStyle style;

    /** Property of a point. */
    @FunctionalInterface
    interface OfPoint<T> {
        T of(int path, int item);
    }

    /** Point in the picture. */
    private record Place(int path, int item, Point2D at) {

        /** Returns true if a line joins this point to the one before it in the list. */
        boolean isJoined() {
            return item > 0;
        }
    }

    /**
     * Creates a renderer.
     *
     * @param numbers number of each point
     * @param colours colour of each point
     */
    NumberedPointRenderer(OfPoint<String> numbers, OfPoint<Paint> colours, ChartStyle style) {
        super(true, true);
        this.numbers = numbers;
        this.colours = colours;
        this.style = style;
    }

    void restyle(ChartStyle other) {
        style = other;
        for (int path = 0; path < PATHS; path++) {
            Ellipse2D circle = other.circle(POINT);
            setSeriesShape(path, path == 0 ? circle : circle.getBounds2D());
            setSeriesPaint(path, other.theme().muted());
            setSeriesStroke(path, other.stroke(1.25));
            setSeriesOutlinePaint(path, other.theme().canvas());
            setSeriesOutlineStroke(path, other.stroke(1));
        }
        setUseFillPaint(true);
        setUseOutlinePaint(true);
        setDrawOutlines(true);
    }

    @Override
    public Paint getItemFillPaint(int row, int column) {
        return colours.of(row, column);
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
        if (isItemPass(pass) && series == data.getSeriesCount() - 1 && item == data.getItemCount(series) - 1) {
            List<Place> places = new ArrayList<>();
            for (int path = 0; path <= series; path++) {
                for (int i = 0; i < data.getItemCount(path); i++) {
                    places.add(new Place(
                            path,
                            i,
                            new Point2D.Double(
                                    xAxis.valueToJava2D(data.getXValue(path, i), dataArea, RectangleEdge.BOTTOM),
                                    yAxis.valueToJava2D(data.getYValue(path, i), dataArea, RectangleEdge.LEFT))));
                }
            }
            drawNumbers(g2, places, dataArea);
        }
    }

    /** Draws the numbers of the ends of the paths, and then those of inner points that have room. */
    private void drawNumbers(Graphics2D g2, List<Place> places, Rectangle2D area) {
        g2.setFont(style.texts());
        FontMetrics metrics = g2.getFontMetrics();
        List<Rectangle2D> placed = new ArrayList<>();
        for (boolean ends : new boolean[] {true, false}) {
            for (int i = 0; i < places.size(); i++) {
                boolean last = i + 1 == places.size() || !places.get(i + 1).isJoined();
                if (ends == (last || !places.get(i).isJoined())) {
                    draw(g2, metrics, places, i, area, placed, ends);
                }
            }
        }
    }

    private void draw(
            Graphics2D g2,
            FontMetrics metrics,
            List<Place> places,
            int index,
            Rectangle2D area,
            List<Rectangle2D> placed,
            boolean needed) {
        Place place = places.get(index);
        String number = numbers.of(place.path(), place.item());
        double width = metrics.stringWidth(number);
        double height = metrics.getAscent() - metrics.getDescent();
        Rectangle2D best = null;
        double least = Double.POSITIVE_INFINITY;
        for (int side = 0; side < SIDES; side++) {
            double angle = 2 * Math.PI * side / SIDES;
            double reach = style.scaled(POINT / 2 + GAP);
            double x = place.at().getX() + Math.cos(angle) * (reach + width / 2);
            double y = place.at().getY() - Math.sin(angle) * (reach + height / 2);
            Rectangle2D box = new Rectangle2D.Double(x - width / 2, y - height / 2, width, height);
            double cost = cost(box, index, places, area, placed);
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

    private double cost(Rectangle2D box, int index, List<Place> places, Rectangle2D area, List<Rectangle2D> placed) {
        double cost = area.contains(box) ? 0 : COST_OF_OTHER;
        double gap = style.scaled(GAP / 2);
        Rectangle2D wide = new Rectangle2D.Double(
                box.getX() - gap, box.getY() - gap, box.getWidth() + 2 * gap, box.getHeight() + 2 * gap);
        for (Rectangle2D other : placed) {
            cost += wide.intersects(other) ? COST_OF_OTHER : 0;
        }
        double radius = style.scaled(POINT) / 2;
        Point2D middle = new Point2D.Double(box.getCenterX(), box.getCenterY());
        double own = middle.distance(places.get(index).at());
        for (int i = 0; i < places.size(); i++) {
            Point2D point = places.get(i).at();
            cost += i != index && middle.distance(point) < own ? COST_OF_OTHER : 0; // it would seem to be that point's
            cost += box.intersects(point.getX() - radius, point.getY() - radius, 2 * radius, 2 * radius)
                    ? COST_OF_OTHER
                    : 0;
            if (places.get(i).isJoined()) {
                cost += new Line2D.Double(places.get(i - 1).at(), point).intersects(wide) ? COST_OF_LINE : 0;
            }
        }
        return cost;
    }
}
