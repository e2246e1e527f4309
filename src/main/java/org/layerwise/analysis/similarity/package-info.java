/** Measures of how alike two representations of the same examples are. */
@NullMarked
package org.layerwise.analysis.similarity;

import org.jspecify.annotations.NullMarked;
