/** Data pane: the choice of rows, and a preview of them. */
@NullMarked
package org.layerwise.gui.data;

import org.jspecify.annotations.NullMarked;
