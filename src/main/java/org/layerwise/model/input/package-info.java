/** Batches of tokens and images on the host, and the tensors that layers need for them on a device. */
@NullMarked
package org.layerwise.model.input;

import org.jspecify.annotations.NullMarked;
