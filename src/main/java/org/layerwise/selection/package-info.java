/** Which layers are worth tuning, why, and the file formats that other tools read. */
@NullMarked
package org.layerwise.selection;

import org.jspecify.annotations.NullMarked;
