/** JFreeChart charts in the window, with zoom, tables, copying and export. */
@NullMarked
package org.layerwise.gui.chart;

import org.jspecify.annotations.NullMarked;
