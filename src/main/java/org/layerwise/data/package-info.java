/** Reads datasets: files and sample tasks become rows, are tokenised, and are put into batches. */
@NullMarked
package org.layerwise.data;

import org.jspecify.annotations.NullMarked;
