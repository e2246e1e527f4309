/**
 * Tensors on a device, scopes that own their native memory, and automatic differentiation. This is the only package
 * that uses DJL.
 */
@NullMarked
package org.layerwise.tensor;

import org.jspecify.annotations.NullMarked;
