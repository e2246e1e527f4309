package org.layerwise.chart.axis;

import org.jfree.chart.JFreeChart;
import org.jfree.chart.LegendItemSource;
import org.jfree.chart.block.BlockBorder;
import org.jfree.chart.title.LegendTitle;
import org.jfree.chart.ui.HorizontalAlignment;
import org.jfree.chart.ui.RectangleEdge;
import org.layerwise.chart.style.ChartStyle;

/** Slim legend above a plot, aligned to the left. */
public final class Legend {

    private final LegendTitle title;

    public Legend(LegendItemSource items) {
        title = new LegendTitle(items);
        title.setPosition(RectangleEdge.TOP);
        title.setHorizontalAlignment(HorizontalAlignment.LEFT);
        title.setFrame(BlockBorder.NONE);
    }

    public void addTo(JFreeChart chart) {
        chart.addSubtitle(title);
    }

    public void restyle(ChartStyle style) {
        title.setItemFont(style.texts());
        title.setItemPaint(style.theme().text());
        title.setItemLabelPadding(style.insets(2, 4, 2, 14));
        title.setPadding(style.insets(0, 0, 6, 0));
    }
}
