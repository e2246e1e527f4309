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
 * Draws nothing, but after every drawing leaves the pen in a state that no chart asks for. The chart canvas gives its
 * JavaFX context back as it was before the drawing without telling the pen over it; the pen would then take the last font
 * for the one in force, and the next drawing's first words would come in the toolkit's own font.
 */
final class FreshPen implements OverlayFX {

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
        // it never changes
    }

    @Override
    public void removeChangeListener(OverlayChangeListener listener) {
        // it never changes
    }
}
