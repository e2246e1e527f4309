/** Axes, frame and legend that the charts share. */
@NullMarked
package org.layerwise.chart.axis;

import org.jspecify.annotations.NullMarked;
