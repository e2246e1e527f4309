package org.layerwise.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;

/** Areas without blurred edges, and hatching. */
final class Pixels {

    private Pixels() {}

    /**
     * The rectangle between two corners with its edges moved to the nearest device pixels: neighbours then meet without
     * a seam, whatever the resolution.
     */
    static Rectangle2D snapped(Graphics2D g2, double x0, double y0, double x1, double y1) {
        AffineTransform transform = g2.getTransform();
        double left = snap(Math.min(x0, x1), transform.getScaleX(), transform.getTranslateX());
        double right = snap(Math.max(x0, x1), transform.getScaleX(), transform.getTranslateX());
        double top = snap(Math.min(y0, y1), transform.getScaleY(), transform.getTranslateY());
        double bottom = snap(Math.max(y0, y1), transform.getScaleY(), transform.getTranslateY());
        return new Rectangle2D.Double(left, top, right - left, bottom - top);
    }

    /**
     * Fills an area with lines that rise to the right. They are drawn one by one, since the window's toolkit knows no
     * textures, and run on in a neighbouring area.
     */
    static void hatch(
            Graphics2D g2, Rectangle2D area, Color background, Color lines, double distance, BasicStroke stroke) {
        g2.setPaint(background);
        g2.fill(area);
        g2.setPaint(lines);
        g2.setStroke(new BasicStroke(stroke.getLineWidth(), BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER));
        double first = Math.ceil((area.getMinX() + area.getMinY()) / distance) * distance;
        for (double sum = first; sum < area.getMaxX() + area.getMaxY(); sum += distance) {
            double left = Math.max(area.getMinX(), sum - area.getMaxY());
            double right = Math.min(area.getMaxX(), sum - area.getMinY());
            if (right > left) {
                g2.draw(new Line2D.Double(left, sum - left, right, sum - right));
            }
        }
    }

    private static double snap(double coordinate, double scale, double translate) {
        return scale == 0 ? coordinate : (Math.rint(coordinate * scale + translate) - translate) / scale;
    }
}
