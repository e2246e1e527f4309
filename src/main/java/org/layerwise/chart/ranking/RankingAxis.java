package org.layerwise.chart.ranking;

import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Paint;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.text.TextBlock;
import org.jfree.chart.ui.RectangleEdge;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.ChartTheme;

/**
 * Axis with the layer names beside the bars. The text is smaller in low rows; if the rows are too low for the smallest
 * text, some names are left out.
 */
final class RankingAxis extends CategoryAxis {

    private static final double LEAST_TEXT_SIZE = 7;
    private static final double TEXT_OF_ROW = 0.8;
    private static final double EDGE = 0.008;

    private final RankingState state;
    private double rowHeight = Double.MAX_VALUE;

    RankingAxis(RankingState state) {
        super(state.title());
        this.state = state;
        setLowerMargin(EDGE);
        setUpperMargin(EDGE);
        setCategoryMargin(RankingChart.GAP_OF_ROW);
        setMaximumCategoryLabelWidthRatio(1);
    }

    /** Sets the height of a row. Called before each drawing. */
    void setRowHeight(double pixels) {
        this.rowHeight = pixels;
    }

    /** Returns the font that fits into a row, no larger than the style's font. */
    Font textFont() {
        ChartStyle style = state.style();
        double least = style.scaled(LEAST_TEXT_SIZE);
        return style.fonts()
                .sized(Math.max(least, Math.min(style.texts().getSize2D(), Math.floor(rowHeight * TEXT_OF_ROW))));
    }

    /** Returns true if the row of a layer shows text. */
    boolean hasText(RankingChart.Layer layer) {
        int every = (int) Math.ceil(textFont().getSize2D() / rowHeight);
        return state.rowOf(layer) % Math.max(1, every) == 0;
    }

    @Override
    public Font getTickLabelFont(@SuppressWarnings("rawtypes") Comparable category) {
        return textFont();
    }

    @Override
    public Paint getTickLabelPaint(@SuppressWarnings("rawtypes") Comparable category) {
        ChartTheme theme = state.style().theme();
        return category instanceof RankingChart.Layer layer && state.isSelected(layer) ? theme.text() : theme.muted();
    }

    @Override
    protected TextBlock createLabel(
            @SuppressWarnings("rawtypes") Comparable category, float width, RectangleEdge edge, Graphics2D g2) {
        TextBlock label = new TextBlock();
        String name = category instanceof RankingChart.Layer layer && hasText(layer) ? state.name(layer) : "";
        label.addLine(name, textFont(), getTickLabelPaint(category));
        return label;
    }
}
