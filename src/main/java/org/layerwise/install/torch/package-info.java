/**
 * libtorch: its libraries, NVIDIA's driver, threads, and their settings. {@link
 * org.layerwise.install.torch.TorchEngine} starts it.
 */
@NullMarked
package org.layerwise.install.torch;

import org.jspecify.annotations.NullMarked;
