/** JFreeChart charts in the window: theme, hover, keyboard. */
@NullMarked
package org.layerwise.gui.chart;

import org.jspecify.annotations.NullMarked;
