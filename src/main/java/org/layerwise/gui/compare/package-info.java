/** Comparison of finished analyses: their rankings, agreement and differences. */
@NullMarked
package org.layerwise.gui.compare;

import org.jspecify.annotations.NullMarked;
