package org.layerwise.chart.heatmap;

import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.util.function.BiPredicate;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.entity.XYItemEntity;
import org.jfree.chart.plot.CrosshairState;
import org.jfree.chart.plot.PlotRenderingInfo;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.AbstractXYItemRenderer;
import org.jfree.chart.renderer.xy.XYItemRendererState;
import org.jfree.chart.text.TextUtils;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.xy.XYDataset;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Similarity;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.ChartTheme;
import org.layerwise.chart.style.ColourScale;
import org.layerwise.chart.style.PixelDrawing;

/**
 * Draws each cell once, aligned to whole device pixels. JFreeChart's XYBlockRenderer draws antialiased edges, which
 * leave visible seams between the cells at most resolutions.
 */
public final class HeatmapRenderer extends AbstractXYItemRenderer {

    private static final double HATCH_DISTANCE = 6;
    private static final double TEXT_OF_CELL = 0.84;
    private static final double DOT_OF_CELL = 0.36;
    private static final double LARGEST_DOT = 7;

    private final HeatmapCells cells;
    private final ColourScale colours;
    private final CellWords words;
    private ChartStyle style;
    private @Nullable CellWords written;
    private BiPredicate<Integer, Integer> marked = (row, column) -> false;

    /** Describes a cell for display. */
    interface CellWords {
        String of(int row, int column, @Nullable Similarity cell);
    }

    HeatmapRenderer(HeatmapCells cells, ColourScale colours, CellWords words, ChartStyle style) {
        this.cells = cells;
        this.colours = colours;
        this.words = words;
        this.style = style;
    }

    void restyle(ChartStyle other) {
        this.style = other;
    }

    /** Sets the words inside defined cells that are large enough. */
    void write(CellWords inCells) {
        this.written = inCells;
    }

    /** Sets the cells, by row and column, that have a dot. */
    void mark(BiPredicate<Integer, Integer> cellsWithDot) {
        this.marked = cellsWithDot;
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
        int column = item % cells.columns();
        int row = item / cells.columns();
        if (!domainAxis.getRange().contains(column) || !rangeAxis.getRange().contains(row)) {
            return; // outside of the zoomed part
        }
        Rectangle2D area = area(g2, dataArea, plot, row, column);
        Similarity cell = cells.at(row, column);
        draw(g2, area, cell);
        if (written != null && cell instanceof Similarity.Value defined) {
            write(g2, area, written.of(row, column, cell), defined.value());
        }
        if (marked.test(row, column)) {
            drawDot(g2, area, cell);
        }
        if (state.getEntityCollection() != null) {
            state.getEntityCollection().add(new CellEntity(area, dataset, item, row, column));
        }
    }

    Rectangle2D area(Graphics2D g2, Rectangle2D dataArea, XYPlot plot, int row, int column) {
        ValueAxis x = plot.getDomainAxis();
        ValueAxis y = plot.getRangeAxis();
        return PixelDrawing.snapped(
                g2,
                x.valueToJava2D(column - 0.5, dataArea, plot.getDomainAxisEdge()),
                y.valueToJava2D(row - 0.5, dataArea, plot.getRangeAxisEdge()),
                x.valueToJava2D(column + 0.5, dataArea, plot.getDomainAxisEdge()),
                y.valueToJava2D(row + 0.5, dataArea, plot.getRangeAxisEdge()));
    }

    void draw(Graphics2D g2, Rectangle2D area, @Nullable Similarity cell) {
        if (cell instanceof Similarity.Value defined) {
            PixelDrawing.fill(g2, area, colours.colour(defined.value(), style.theme()));
        } else if (cell instanceof Similarity.Undefined) {
            double distance = Math.min(style.scaled(HATCH_DISTANCE), area.getWidth() / 2);
            ChartTheme theme = style.theme();
            PixelDrawing.hatch(g2, area, theme.undefined(), theme.hatch(), distance, style.stroke(1));
        } else {
            PixelDrawing.fill(g2, area, style.theme().subtle());
        }
    }

    private void drawDot(Graphics2D g2, Rectangle2D area, @Nullable Similarity cell) {
        double size = Math.min(style.scaled(LARGEST_DOT), DOT_OF_CELL * Math.min(area.getWidth(), area.getHeight()));
        g2.setPaint(
                cell instanceof Similarity.Value known
                        ? colours.ink(known.value(), style.theme())
                        : style.theme().text());
        g2.fill(new Ellipse2D.Double(area.getCenterX() - size / 2, area.getCenterY() - size / 2, size, size));
    }

    private void write(Graphics2D g2, Rectangle2D area, String text, double value) {
        g2.setFont(style.texts());
        if (g2.getFontMetrics().stringWidth(text) > area.getWidth() * TEXT_OF_CELL) {
            return;
        }
        g2.setPaint(colours.ink(value, style.theme()));
        TextUtils.drawAlignedString(text, g2, (float) area.getCenterX(), (float) area.getCenterY(), TextAnchor.CENTER);
    }

    /**
     * Entity with the position of a cell. Creates its tooltip text only on request, since a chart has thousands of
     * cells.
     */
    public final class CellEntity extends XYItemEntity {

        private final int row;
        private final int column;

        CellEntity(Rectangle2D area, XYDataset dataset, int item, int row, int column) {
            super(area, dataset, 0, item, null, null);
            this.row = row;
            this.column = column;
        }

        public HeatmapChart.Pair pair() {
            return new HeatmapChart.Pair(row, column);
        }

        @Override
        public String getToolTipText() {
            return words.of(row, column, cells.at(row, column));
        }
    }
}
