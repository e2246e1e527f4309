/** Command palette, which finds every action by a few letters of its name. */
@NullMarked
package org.layerwise.gui.palette;

import org.jspecify.annotations.NullMarked;
