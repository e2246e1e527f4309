package org.layerwise.chart.curve;

import org.jfree.data.DomainOrder;
import org.jfree.data.xy.DefaultXYDataset;

/** JFreeChart dataset of curves. Each curve is a pair of arrays that is replaced as a whole. */
final class CurveSeries extends DefaultXYDataset {

    private static final long serialVersionUID = 1L;

    /** Sets the points of a curve, adds the curve if it is new, and notifies the plots that draw this dataset. */
    void set(String name, CurveData.Drawn points) {
        addSeries(name, new double[][] {points.x(), points.y()});
    }

    @Override
    public DomainOrder getDomainOrder() {
        return DomainOrder.ASCENDING;
    }
}
