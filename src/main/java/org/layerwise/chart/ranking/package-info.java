/** Ranked importance bars, and several importances over each other. */
@NullMarked
package org.layerwise.chart.ranking;

import org.jspecify.annotations.NullMarked;
