/**
 * Charts for the window and for papers that need no package of their own, their zoom, and their export. Independent
 * of JavaFX.
 */
@NullMarked
package org.layerwise.chart;

import org.jspecify.annotations.NullMarked;
