/** How far an analysis can be trusted: layers drawn anew, fewer samples, unrelated data. */
@NullMarked
package org.layerwise.gui.stability;

import org.jspecify.annotations.NullMarked;
