package org.layerwise.chart.ranking;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.entity.CategoryItemEntity;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.CategoryItemRendererState;
import org.jfree.chart.text.TextUtils;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.category.CategoryDataset;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.chart.style.ChartNumbers;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.ChartTheme;
import org.layerwise.chart.style.PixelDrawing;

/**
 * Draws bars coloured by selection with the value to the right of each bar, or a short hatched bar for a layer without
 * a value.
 */
final class RankingRenderer extends BarRenderer {

    private static final String UNDEFINED = "undefined";
    private static final double STUB_WIDTH = 24;
    private static final double HATCH_DISTANCE = 5;
    private static final double TEXT_GAP = 6;
    private static final double ICON_OF_TEXT = 0.8;

    private final RankingState state;
    private final RankingAxis names;
    private final RankingMarks marks;

    RankingRenderer(RankingState state, RankingAxis names) {
        this.state = state;
        this.names = names;
        this.marks = new RankingMarks(state);
        setShadowVisible(false);
    }

    /** Returns the width that the text to the right of the longest bar needs, in pixels. */
    double roomBehindBars(Graphics2D g2) {
        FontMetrics metrics = g2.getFontMetrics(names.textFont());
        double icon = state.anyLocked() ? gap() + metrics.getFont().getSize2D() * ICON_OF_TEXT : 0;
        return metrics.stringWidth("0.0000") + 2 * gap() + icon + probabilityWidth(metrics);
    }

    private double probabilityWidth(FontMetrics metrics) {
        return state.anyProbability() ? metrics.stringWidth("99.9 %") + gap() : 0;
    }

    @Override
    public void drawItem(
            Graphics2D g2,
            CategoryItemRendererState rendererState,
            Rectangle2D dataArea,
            CategoryPlot plot,
            CategoryAxis domainAxis,
            ValueAxis rangeAxis,
            CategoryDataset dataset,
            int row,
            int column,
            int pass) {
        RankingChart.Layer layer = (RankingChart.Layer) dataset.getColumnKey(column);
        double top = calculateBarW0(plot, PlotOrientation.HORIZONTAL, dataArea, domainAxis, rendererState, row, column);
        double height = rendererState.getBarWidth();
        double margin = height / (1 - RankingChart.GAP_OF_ROW) * RankingChart.GAP_OF_ROW / 2;
        Rectangle2D band =
                PixelDrawing.snapped(g2, dataArea.getMinX(), top - margin, dataArea.getMaxX(), top + height + margin);
        if (state.isHighlighted(layer)) {
            PixelDrawing.fill(g2, band, state.style().theme().hover());
        }
        double zero = rangeAxis.valueToJava2D(0, dataArea, plot.getRangeAxisEdge());
        double end = state.importance(layer).isPresent()
                ? rangeAxis.valueToJava2D(state.importance(layer).getAsDouble(), dataArea, plot.getRangeAxisEdge())
                : zero + state.style().scaled(STUB_WIDTH);
        Rectangle2D bar = PixelDrawing.snapped(g2, zero, top, end, top + height);
        drawBar(g2, bar, layer);
        double reach = Math.max(zero, end);
        if (state.showsUnrelated() && state.unrelated(layer).isPresent()) {
            double at =
                    rangeAxis.valueToJava2D(state.unrelated(layer).getAsDouble(), dataArea, plot.getRangeAxisEdge());
            marks.drawUnrelated(g2, at, bar.getCenterY(), height);
            reach = Math.max(reach, at);
        }
        Interval interval = state.interval(layer).orElse(null);
        if (interval != null) {
            double low = rangeAxis.valueToJava2D(interval.low(), dataArea, plot.getRangeAxisEdge());
            double high = rangeAxis.valueToJava2D(interval.high(), dataArea, plot.getRangeAxisEdge());
            marks.drawInterval(g2, low, high, bar.getCenterY(), height);
            reach = Math.max(reach, high);
        }
        if (names.hasText(layer)) {
            drawText(g2, reach + gap(), bar.getCenterY(), layer);
            drawProbability(g2, dataArea.getMaxX(), bar.getCenterY(), layer);
        }
        if (rendererState.getEntityCollection() != null) {
            // the whole row reacts to the mouse, also beside a short bar
            rendererState
                    .getEntityCollection()
                    .add(new CategoryItemEntity(
                            band, state.describe(layer), null, dataset, dataset.getRowKey(row), layer));
        }
    }

    private void drawBar(Graphics2D g2, Rectangle2D bar, RankingChart.Layer layer) {
        ChartStyle style = state.style();
        Color colour =
                state.isSelected(layer) ? style.theme().accent() : style.theme().neutral();
        if (state.importance(layer).isPresent()) {
            PixelDrawing.fill(g2, bar, colour);
        } else {
            Color lines = state.isSelected(layer) ? colour : style.theme().hatch();
            double distance = Math.min(style.scaled(HATCH_DISTANCE), Math.max(2, bar.getHeight() / 2));
            PixelDrawing.hatch(g2, bar, style.theme().undefined(), lines, distance, style.stroke(1));
        }
    }

    private void drawText(Graphics2D g2, double x, double y, RankingChart.Layer layer) {
        Font font = names.textFont();
        ChartTheme theme = state.style().theme();
        boolean defined = state.importance(layer).isPresent();
        String text = defined ? ChartNumbers.three(state.importance(layer).getAsDouble()) : UNDEFINED;
        g2.setFont(font);
        double width = g2.getFontMetrics(font).stringWidth(text);
        // keeps grid lines from crossing the digits
        g2.setPaint(state.isHighlighted(layer) ? theme.hover() : theme.canvas());
        g2.fill(new Rectangle2D.Double(x - gap() / 2, y - font.getSize2D() / 2, width + gap(), font.getSize2D()));
        g2.setPaint(state.isSelected(layer) && defined ? theme.text() : theme.muted());
        TextUtils.drawAlignedString(text, g2, (float) x, (float) y, TextAnchor.CENTER_LEFT);
        double size = font.getSize2D() * ICON_OF_TEXT;
        double iconX = x + width + gap();
        g2.setPaint(theme.muted());
        if (state.isAlways(layer)) {
            drawPadlock(g2, iconX, y - size / 2, size);
        } else if (state.isNever(layer)) {
            drawNoEntry(g2, iconX, y - size / 2, size);
        }
    }

    private void drawProbability(Graphics2D g2, double right, double y, RankingChart.Layer layer) {
        if (state.selectedProbability(layer).isEmpty()) {
            return;
        }
        String text = ChartNumbers.percent(state.selectedProbability(layer).getAsDouble());
        ChartTheme theme = state.style().theme();
        Font font = names.textFont();
        double width = g2.getFontMetrics(font).stringWidth(text);
        g2.setFont(font);
        g2.setPaint(state.isHighlighted(layer) ? theme.hover() : theme.canvas());
        g2.fill(new Rectangle2D.Double(
                right - width - gap() / 2, y - font.getSize2D() / 2, width + gap() / 2, font.getSize2D()));
        g2.setPaint(state.isSelected(layer) ? theme.text() : theme.muted());
        TextUtils.drawAlignedString(text, g2, (float) right, (float) y, TextAnchor.CENTER_RIGHT);
    }

    private static void drawPadlock(Graphics2D g2, double x, double y, double size) {
        double width = size * 0.8;
        g2.fill(new RoundRectangle2D.Double(x, y + size * 0.45, width, size * 0.55, size * 0.15, size * 0.15));
        Path2D bow = new Path2D.Double();
        double inset = width * 0.2;
        bow.moveTo(x + inset, y + size * 0.5);
        bow.lineTo(x + inset, y + size * 0.3);
        bow.curveTo(x + inset, y - size * 0.05, x + width - inset, y - size * 0.05, x + width - inset, y + size * 0.3);
        bow.lineTo(x + width - inset, y + size * 0.5);
        g2.setStroke(new BasicStroke((float) (size * 0.14)));
        g2.draw(bow);
    }

    private static void drawNoEntry(Graphics2D g2, double x, double y, double size) {
        double line = size * 0.13;
        g2.setStroke(new BasicStroke((float) line));
        g2.draw(new Ellipse2D.Double(x + line / 2, y + line / 2, size - line, size - line));
        double corner = size * 0.2;
        g2.draw(new Line2D.Double(x + corner, y + corner, x + size - corner, y + size - corner));
    }

    private double gap() {
        return state.style().scaled(TEXT_GAP);
    }
}
