package org.layerwise.chart.heatmap;

import java.util.Collection;
import org.jfree.data.DomainOrder;
import org.jfree.data.xy.AbstractXYZDataset;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Similarity;

/**
 * JFreeChart dataset with the cells of a heatmap. A cell without a computed value is null. Item i is at column i %
 * columns and row i / columns.
 */
final class HeatmapCells extends AbstractXYZDataset {

    static final String SERIES = "similarity";

    private final int rows;
    private final int columns;
    private final @Nullable Similarity[][] cells;

    HeatmapCells(int rows, int columns) {
        this.rows = rows;
        this.columns = columns;
        this.cells = new Similarity[rows][columns];
    }

    int rows() {
        return rows;
    }

    int columns() {
        return columns;
    }

    @Nullable
    Similarity at(int row, int column) {
        return cells[row][column];
    }

    void put(Collection<HeatmapChart.Cell> known) {
        for (HeatmapChart.Cell cell : known) {
            cells[cell.row()][cell.column()] = cell.similarity();
        }
        fireDatasetChanged();
    }

    boolean anyUndefined() {
        for (Similarity[] row : cells) {
            for (Similarity cell : row) {
                if (cell instanceof Similarity.Undefined) {
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    public int getSeriesCount() {
        return 1;
    }

    @Override
    public Comparable<String> getSeriesKey(int series) {
        return SERIES;
    }

    @Override
    public int getItemCount(int series) {
        return rows * columns;
    }

    @Override
    public Number getX(int series, int item) {
        return item % columns;
    }

    @Override
    public Number getY(int series, int item) {
        return item / columns;
    }

    @Override
    public Number getZ(int series, int item) {
        return cells[item / columns][item % columns] instanceof Similarity.Value defined ? defined.value() : Double.NaN;
    }

    @Override
    public DomainOrder getDomainOrder() {
        return DomainOrder.NONE;
    }
}
