/** Colours, fonts, sizes and numbers of all charts. */
@NullMarked
package org.layerwise.chart.style;

import org.jspecify.annotations.NullMarked;
