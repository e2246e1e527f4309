package org.layerwise.chart;

import java.util.Collection;
import org.jfree.data.DomainOrder;
import org.jfree.data.xy.AbstractXYZDataset;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Similarity;

/** The cells of a square heatmap, some of which may not be known yet. Item i is at column i % size, row i / size. */
final class HeatmapCells extends AbstractXYZDataset {

    static final String SERIES = "similarity";

    private final int size;
    private final @Nullable Similarity[][] cells;

    HeatmapCells(int size) {
        this.size = size;
        this.cells = new Similarity[size][size];
    }

    int size() {
        return size;
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
        return size * size;
    }

    @Override
    public Number getX(int series, int item) {
        return item % size;
    }

    @Override
    public Number getY(int series, int item) {
        return item / size;
    }

    @Override
    public Number getZ(int series, int item) {
        return cells[item / size][item % size] instanceof Similarity.Value defined ? defined.value() : Double.NaN;
    }

    @Override
    public DomainOrder getDomainOrder() {
        return DomainOrder.NONE;
    }
}
