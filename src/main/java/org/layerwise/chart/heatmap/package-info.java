/** Heatmaps of layer similarity and of the agreement of analyses. */
@NullMarked
package org.layerwise.chart.heatmap;

import org.jspecify.annotations.NullMarked;
