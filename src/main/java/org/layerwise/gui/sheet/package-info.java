/** Tables of results: their content, their display in the window, and their files. */
@NullMarked
package org.layerwise.gui.sheet;

import org.jspecify.annotations.NullMarked;
