/** Small tables of results: what they hold, how the window shows them, and their files. */
@NullMarked
package org.layerwise.gui.sheet;

import org.jspecify.annotations.NullMarked;
