/** Maps of hidden states, as charts and CSV files. */
@NullMarked
package org.layerwise.chart.map;

import org.jspecify.annotations.NullMarked;
