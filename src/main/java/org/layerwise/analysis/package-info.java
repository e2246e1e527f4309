/** Representations of a model's layers, their similarity, and the importance that follows. */
@NullMarked
package org.layerwise.analysis;

import org.jspecify.annotations.NullMarked;
