/** Importance of layers from the gradients of a loss, in passes over labelled data that change no weight. */
@NullMarked
package org.layerwise.analysis.gradient;

import org.jspecify.annotations.NullMarked;
