package org.layerwise.chart.curve;

import java.util.ArrayList;
import java.util.List;
import org.jfree.data.DomainOrder;
import org.jfree.data.xy.AbstractXYDataset;

/** JFreeChart dataset of curves. Each curve is a pair of arrays that is replaced as a whole. */
final class CurveSeries extends AbstractXYDataset {

    private static final long serialVersionUID = 1L;

    private final transient List<String> names = new ArrayList<>();
    private final transient List<CurveData.Drawn> curves = new ArrayList<>();

    /** Adds a curve without points. */
    void add(String name) {
        names.add(name);
        curves.add(CurveData.Drawn.NOTHING);
    }

    void set(int series, CurveData.Drawn points) {
        curves.set(series, points);
    }

    void clear() {
        names.clear();
        curves.clear();
    }

    /** Notifies the plots that draw this dataset. */
    void changed() {
        fireDatasetChanged();
    }

    @Override
    public int getSeriesCount() {
        return names.size();
    }

    @Override
    public Comparable<String> getSeriesKey(int series) {
        return names.get(series);
    }

    @Override
    public DomainOrder getDomainOrder() {
        return DomainOrder.ASCENDING;
    }

    @Override
    public int getItemCount(int series) {
        return curves.get(series).x().length;
    }

    @Override
    public Number getX(int series, int item) {
        return getXValue(series, item);
    }

    @Override
    public double getXValue(int series, int item) {
        return curves.get(series).x()[item];
    }

    @Override
    public Number getY(int series, int item) {
        return getYValue(series, item);
    }

    @Override
    public double getYValue(int series, int item) {
        return curves.get(series).y()[item];
    }
}
