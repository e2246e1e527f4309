/** Finished analyses beside each other: their rankings, how far they agree, where they differ. */
@NullMarked
package org.layerwise.gui.compare;

import org.jspecify.annotations.NullMarked;
