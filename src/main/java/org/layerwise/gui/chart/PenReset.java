package org.layerwise.gui.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import org.jfree.chart.ChartPanel;
import org.jfree.chart.event.OverlayChangeListener;
import org.jfree.chart.fx.ChartCanvas;
import org.jfree.chart.fx.overlay.OverlayFX;

/**
 * Overlay that draws nothing, but sets unusual attributes on the graphics object after each drawing. The chart canvas
 * restores the state of its JavaFX context after a drawing without updating the graphics object on top. Without this
 * overlay, the graphics object would assume that its last font is still set, and the first text of the next drawing
 * would appear in the toolkit's default font.
 */
final class PenReset implements OverlayFX {

    private static final Font NO_FONT = new Font(Font.MONOSPACED, Font.ITALIC, 1);
    private static final Color NO_COLOUR = new Color(1, 2, 3, 4);
    private static final BasicStroke NO_STROKE = new BasicStroke(0.123f);

    @Override
    public void paintOverlay(Graphics2D pen, ChartCanvas canvas) {
        pen.setFont(NO_FONT);
        pen.setPaint(NO_COLOUR);
        pen.setStroke(NO_STROKE);
    }

    @Override
    public void paintOverlay(Graphics2D pen, ChartPanel panel) {
        throw new UnsupportedOperationException("this overlay is for JavaFX");
    }

    @Override
    public void addChangeListener(OverlayChangeListener listener) {
        // this overlay never changes
    }

    @Override
    public void removeChangeListener(OverlayChangeListener listener) {
        // this overlay never changes
    }
}
