/** The data pane: which rows, and how they look. */
@NullMarked
package org.layerwise.gui.data;

import org.jspecify.annotations.NullMarked;
