/** The selection pane: which layers get adapters, and what that saves. */
@NullMarked
package org.layerwise.gui.selection;

import org.jspecify.annotations.NullMarked;
