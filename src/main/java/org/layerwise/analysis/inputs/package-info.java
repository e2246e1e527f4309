/** Importance of linear maps from the variance of their inputs, and the ranks of adapters that follow from it. */
@NullMarked
package org.layerwise.analysis.inputs;

import org.jspecify.annotations.NullMarked;
