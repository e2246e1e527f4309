/** Selection pane: the layers that receive adapters, and the savings. */
@NullMarked
package org.layerwise.gui.selection;

import org.jspecify.annotations.NullMarked;
