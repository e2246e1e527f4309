/** Tensors on a device, the scopes that own their native memory, and automatic differentiation; the only package that knows DJL. */
@NullMarked
package org.layerwise.tensor;

import org.jspecify.annotations.NullMarked;
