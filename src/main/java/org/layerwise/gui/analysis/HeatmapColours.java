package org.layerwise.gui.analysis;

import javafx.beans.property.DoubleProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyDoubleProperty;
import javafx.beans.property.ReadOnlyDoubleWrapper;
import javafx.beans.property.SimpleDoubleProperty;
import javafx.beans.property.SimpleObjectProperty;
import org.layerwise.chart.ColourMap;
import org.layerwise.chart.ColourScale;

/** The colours of the heatmap and the values that they stand for. */
public final class HeatmapColours {

    /** The least distance of the two ends. */
    public static final double LEAST_RANGE = 0.01;

    private final ObjectProperty<ColourMap> map = new SimpleObjectProperty<>(ColourMap.VIRIDIS);
    private final ReadOnlyDoubleWrapper least = new ReadOnlyDoubleWrapper(0);
    private final DoubleProperty from = new SimpleDoubleProperty(0);
    private final DoubleProperty to = new SimpleDoubleProperty(1);

    /** Which colours. */
    public ObjectProperty<ColourMap> mapProperty() {
        return map;
    }

    /** The least value that the measure is shown from: 0, or -1. The largest is 1. */
    public ReadOnlyDoubleProperty leastProperty() {
        return least.getReadOnlyProperty();
    }

    /** The value with the first colour. */
    public DoubleProperty fromProperty() {
        return from;
    }

    /** The value with the last colour. */
    public DoubleProperty toProperty() {
        return to;
    }

    /** Sets the values of a measure out: all of them have colours if its least value is another one than before. */
    void fit(double lower) {
        if (lower != least.get()) {
            least.set(lower);
            reset();
        }
    }

    /** Shows all values that the measure has. */
    public void reset() {
        from.set(least.get());
        to.set(1);
    }

    /** The colours with their range. */
    public ColourScale scale() {
        double lower = Math.min(from.get(), to.get() - LEAST_RANGE);
        return new ColourScale(map.get(), lower, to.get());
    }
}
