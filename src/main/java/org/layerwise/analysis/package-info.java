/** Representations of a model's layers, their similarities, and the importance of layers that follows from them. */
@NullMarked
package org.layerwise.analysis;

import org.jspecify.annotations.NullMarked;
