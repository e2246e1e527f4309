package org.layerwise.chart.style;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Paint;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;

/** Draws areas with sharp edges, and hatching. */
public final class PixelDrawing {

    private PixelDrawing() {}

    /**
     * Returns the rectangle between two corners with its edges moved to the nearest device pixels, so that neighbouring
     * rectangles meet without a seam at every resolution.
     */
    public static Rectangle2D snapped(Graphics2D g2, double x0, double y0, double x1, double y1) {
        AffineTransform transform = g2.getTransform();
        double left = snap(Math.min(x0, x1), transform.getScaleX(), transform.getTranslateX());
        double right = snap(Math.max(x0, x1), transform.getScaleX(), transform.getTranslateX());
        double top = snap(Math.min(y0, y1), transform.getScaleY(), transform.getTranslateY());
        double bottom = snap(Math.max(y0, y1), transform.getScaleY(), transform.getTranslateY());
        return new Rectangle2D.Double(left, top, right - left, bottom - top);
    }

    /**
     * Fills an area whose edges are on device pixels, without antialiasing. With antialiasing, a rounding error of a
     * coordinate would already make the neighbouring area show through.
     */
    public static void fill(Graphics2D g2, Rectangle2D area, Paint paint) {
        Object before = g2.getRenderingHint(RenderingHints.KEY_ANTIALIASING);
        g2.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_OFF);
        g2.setPaint(paint);
        g2.fill(area);
        if (before != null) {
            g2.setRenderingHint(RenderingHints.KEY_ANTIALIASING, before);
        }
    }

    /**
     * Fills an area with lines that rise to the right. Draws the lines one by one, because the window's toolkit does
     * not support textures. The lines continue in a neighbouring area.
     */
    public static void hatch(
            Graphics2D g2, Rectangle2D area, Color background, Color lines, double distance, BasicStroke stroke) {
        fill(g2, area, background);
        Shape clip = g2.getClip();
        g2.clip(area);
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
        g2.setClip(clip);
    }

    private static double snap(double coordinate, double scale, double translate) {
        // Java2D fills a pixel if the area contains its centre, left edge included; rounding in the same way keeps a
        // clip from cutting snapped areas
        return scale == 0 ? coordinate : (Math.ceil(coordinate * scale + translate - 0.5) - translate) / scale;
    }
}
