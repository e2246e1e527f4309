/** Analysis pane: heatmap and ranked importance, side by side and linked. */
@NullMarked
package org.layerwise.gui.analysis;

import org.jspecify.annotations.NullMarked;
