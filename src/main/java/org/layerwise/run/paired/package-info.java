/** Comparison of runs with each other, row by row. */
@NullMarked
package org.layerwise.run.paired;

import org.jspecify.annotations.NullMarked;
