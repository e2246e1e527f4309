/** Charts for the window and for papers, and their export. Independent of JavaFX. */
@NullMarked
package org.layerwise.chart;

import org.jspecify.annotations.NullMarked;
