/** Curves over steps, time or sample counts, with smoothing. */
@NullMarked
package org.layerwise.chart.curve;

import org.jspecify.annotations.NullMarked;
