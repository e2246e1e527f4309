/** Datasets: files and sample tasks read into rows, tokenised, and put into batches. */
@NullMarked
package org.layerwise.data;

import org.jspecify.annotations.NullMarked;
