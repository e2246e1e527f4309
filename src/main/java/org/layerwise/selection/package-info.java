/** Selection of the layers to tune, with its reason, and the file formats that other tools read. */
@NullMarked
package org.layerwise.selection;

import org.jspecify.annotations.NullMarked;
