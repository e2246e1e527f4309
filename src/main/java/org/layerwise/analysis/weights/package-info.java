/** Importance of linear maps and layers from the weights alone, without data. */
@NullMarked
package org.layerwise.analysis.weights;

import org.jspecify.annotations.NullMarked;
