package org.layerwise.chart;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jfree.chart.ChartRenderingInfo;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.entity.ChartEntity;
import org.layerwise.chart.style.ChartSize;

/** A chart as it was drawn: its pixels, and where its parts are. */
public final class Drawn {

    private final BufferedImage image;
    private final double scale;
    private final ChartRenderingInfo info = new ChartRenderingInfo();

    public Drawn(JFreeChart chart, ChartSize size, double scale) {
        this.scale = scale;
        image = new BufferedImage(
                (int) Math.ceil(size.width() * scale),
                (int) Math.ceil(size.height() * scale),
                BufferedImage.TYPE_INT_RGB);
        Graphics2D g2 = image.createGraphics();
        g2.scale(scale, scale);
        chart.draw(g2, new Rectangle2D.Double(0, 0, size.width(), size.height()), info);
        g2.dispose();
    }

    public List<ChartEntity> entities() {
        List<ChartEntity> found = new ArrayList<>();
        for (Object entity : info.getEntityCollection().getEntities()) {
            found.add((ChartEntity) entity);
        }
        return found;
    }

    public Color centre(ChartEntity entity) {
        Rectangle2D area = entity.getArea().getBounds2D();
        return at(area.getCenterX(), area.getCenterY());
    }

    public Color at(double x, double y) {
        return new Color(image.getRGB((int) (x * scale), (int) (y * scale)));
    }

    /** All colours of the device pixels that lie in the area. */
    public Set<Color> colours(ChartEntity entity) {
        Rectangle2D area = entity.getArea().getBounds2D();
        Set<Color> colours = new HashSet<>();
        for (int y = (int) Math.round(area.getMinY() * scale); y < Math.round(area.getMaxY() * scale); y++) {
            for (int x = (int) Math.round(area.getMinX() * scale); x < Math.round(area.getMaxX() * scale); x++) {
                colours.add(new Color(image.getRGB(x, y)));
            }
        }
        return colours;
    }

    /** How many pixels of a colour lie on the horizontal line through the middle of the area. */
    public int length(ChartEntity entity, Color colour) {
        int y = (int) (entity.getArea().getBounds2D().getCenterY() * scale);
        int length = 0;
        for (int x = 0; x < image.getWidth(); x++) {
            length += image.getRGB(x, y) == colour.getRGB() ? 1 : 0;
        }
        return length;
    }

    public boolean samePixels(Drawn other) {
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                if (image.getRGB(x, y) != other.image.getRGB(x, y)) {
                    return false;
                }
            }
        }
        return true;
    }
}
