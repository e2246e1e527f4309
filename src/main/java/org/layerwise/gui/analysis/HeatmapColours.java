package org.layerwise.gui.analysis;

import javafx.beans.property.DoubleProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyDoubleProperty;
import javafx.beans.property.ReadOnlyDoubleWrapper;
import javafx.beans.property.SimpleDoubleProperty;
import javafx.beans.property.SimpleObjectProperty;
import org.layerwise.chart.style.ColourMap;
import org.layerwise.chart.style.ColourScale;

/** Colours of the heatmap and their range of values. */
public final class HeatmapColours {

    /** Smallest distance between the two ends of the range. */
    public static final double LEAST_RANGE = 0.01;

    private final ObjectProperty<ColourMap> map = new SimpleObjectProperty<>(ColourMap.VIRIDIS);
    private final ReadOnlyDoubleWrapper least = new ReadOnlyDoubleWrapper(0);
    private final DoubleProperty from = new SimpleDoubleProperty(0);
    private final DoubleProperty to = new SimpleDoubleProperty(1);

    /** Colour map of the heatmap. */
    public ObjectProperty<ColourMap> mapProperty() {
        return map;
    }

    /** Smallest value that the range can begin with for this measure: 0 or -1. The largest value is 1. */
    public ReadOnlyDoubleProperty leastProperty() {
        return least.getReadOnlyProperty();
    }

    /** Value of the first colour. */
    public DoubleProperty fromProperty() {
        return from;
    }

    /** Value of the last colour. */
    public DoubleProperty toProperty() {
        return to;
    }

    /**
     * Fits the range to a measure. If its smallest value differs from that of the previous measure, the range covers
     * all values.
     *
     * @param lower smallest value of the measure
     */
    void fit(double lower) {
        if (lower != least.get()) {
            least.set(lower);
            reset();
        }
    }

    /** Resets the range to all values of the measure. */
    public void reset() {
        from.set(least.get());
        to.set(1);
    }

    /** Returns the colour map with its range. */
    public ColourScale scale() {
        double lower = Math.min(from.get(), to.get() - LEAST_RANGE);
        return new ColourScale(map.get(), lower, to.get());
    }
}
