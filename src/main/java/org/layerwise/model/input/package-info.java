/** Batches of tokens and images on the host, and what layers need of them on a device. */
@NullMarked
package org.layerwise.model.input;

import org.jspecify.annotations.NullMarked;
