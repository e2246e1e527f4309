/** Stability of an analysis: resampled rows, fewer samples, and unrelated data. */
@NullMarked
package org.layerwise.gui.stability;

import org.jspecify.annotations.NullMarked;
