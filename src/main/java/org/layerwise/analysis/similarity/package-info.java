/** Measures of the similarity of two representations of the same examples. */
@NullMarked
package org.layerwise.analysis.similarity;

import org.jspecify.annotations.NullMarked;
