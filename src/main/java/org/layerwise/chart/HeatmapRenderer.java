package org.layerwise.chart;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.entity.XYItemEntity;
import org.jfree.chart.plot.CrosshairState;
import org.jfree.chart.plot.PlotRenderingInfo;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.AbstractXYItemRenderer;
import org.jfree.chart.renderer.xy.XYItemRendererState;
import org.jfree.data.xy.XYDataset;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Similarity;

/**
 * Draws each cell once, on whole device pixels. JFreeChart's XYBlockRenderer fills and outlines with soft edges, which
 * leaves a lattice of seams at most resolutions.
 */
final class HeatmapRenderer extends AbstractXYItemRenderer {

    private static final double HATCH_DISTANCE = 6;

    private final HeatmapCells cells;
    private final Viridis colours;
    private final String measure;
    private ChartStyle style;

    HeatmapRenderer(HeatmapCells cells, Viridis colours, String measure, ChartStyle style) {
        this.cells = cells;
        this.colours = colours;
        this.measure = measure;
        this.style = style;
    }

    void restyle(ChartStyle other) {
        this.style = other;
    }

    @Override
    public void drawItem(
            Graphics2D g2,
            XYItemRendererState state,
            Rectangle2D dataArea,
            @Nullable PlotRenderingInfo info,
            XYPlot plot,
            ValueAxis domainAxis,
            ValueAxis rangeAxis,
            XYDataset dataset,
            int series,
            int item,
            @Nullable CrosshairState crosshairState,
            int pass) {
        int column = item % cells.size();
        int row = item / cells.size();
        Rectangle2D area = area(g2, dataArea, plot, row, column);
        draw(g2, area, cells.at(row, column));
        if (state.getEntityCollection() != null) {
            state.getEntityCollection().add(new CellEntity(area, dataset, item, row, column));
        }
    }

    Rectangle2D area(Graphics2D g2, Rectangle2D dataArea, XYPlot plot, int row, int column) {
        ValueAxis x = plot.getDomainAxis();
        ValueAxis y = plot.getRangeAxis();
        return Pixels.snapped(
                g2,
                x.valueToJava2D(column - 0.5, dataArea, plot.getDomainAxisEdge()),
                y.valueToJava2D(row - 0.5, dataArea, plot.getRangeAxisEdge()),
                x.valueToJava2D(column + 0.5, dataArea, plot.getDomainAxisEdge()),
                y.valueToJava2D(row + 0.5, dataArea, plot.getRangeAxisEdge()));
    }

    void draw(Graphics2D g2, Rectangle2D area, @Nullable Similarity cell) {
        if (cell instanceof Similarity.Value defined) {
            Pixels.fill(g2, area, colours.colour(defined.value()));
        } else if (cell instanceof Similarity.Undefined) {
            double distance = Math.min(style.scaled(HATCH_DISTANCE), area.getWidth() / 2);
            Theme theme = style.theme();
            Pixels.hatch(g2, area, theme.undefined(), theme.hatch(), distance, style.stroke(1));
        } else {
            Pixels.fill(g2, area, style.theme().subtle());
        }
    }

    private String describe(int row, int column) {
        int from = Math.min(row, column);
        int to = Math.max(row, column);
        String pair = "Hidden states %d → %d".formatted(from, to);
        String layer = to == from + 1 ? " (layer %d)".formatted(from) : "";
        Similarity cell = cells.at(row, column);
        if (cell instanceof Similarity.Value defined) {
            return pair + layer + "   " + measure + " " + defined.value();
        }
        if (cell instanceof Similarity.Undefined undefined) {
            return pair + layer + "   " + measure + " undefined: " + undefined.reason();
        }
        return pair + layer + "   not computed yet";
    }

    /** Says where it is, and its text only when somebody asks: there are thousands of cells. */
    final class CellEntity extends XYItemEntity {

        private final int row;
        private final int column;

        CellEntity(Rectangle2D area, XYDataset dataset, int item, int row, int column) {
            super(area, dataset, 0, item, null, null);
            this.row = row;
            this.column = column;
        }

        HeatmapChart.Pair pair() {
            return new HeatmapChart.Pair(row, column);
        }

        @Override
        public String getToolTipText() {
            return describe(row, column);
        }
    }
}
