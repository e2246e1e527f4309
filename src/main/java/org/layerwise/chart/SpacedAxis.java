package org.layerwise.chart;

import org.jfree.chart.axis.NumberAxis;

/** An axis of numbers whose ticks keep a distance. */
abstract class SpacedAxis extends NumberAxis {

    private double spacing;

    SpacedAxis(String title) {
        super(title);
    }

    /** The least distance of two ticks, in pixels. */
    final void setSpacing(double pixels) {
        this.spacing = pixels;
    }

    final double spacing() {
        return spacing;
    }
}
