package org.layerwise.chart.axis;

import org.jfree.chart.axis.NumberAxis;
import org.jspecify.annotations.Nullable;

/** Axis of numbers with a minimum distance between ticks. */
public abstract class SpacedAxis extends NumberAxis {

    private double spacing;

    SpacedAxis(@Nullable String title) {
        super(title);
    }

    /** Sets the minimum distance between two ticks, in pixels. */
    public final void setSpacing(double pixels) {
        this.spacing = pixels;
    }

    final double spacing() {
        return spacing;
    }
}
