/** Analysis pane: heatmap and ranked importance, side by side and linked, and the stability of the result. */
@NullMarked
package org.layerwise.gui.analysis;

import org.jspecify.annotations.NullMarked;
