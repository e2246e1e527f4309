/** Setup of the computation: libtorch's libraries, NVIDIA's driver, threads, and their settings. */
@NullMarked
package org.layerwise.study.compute;

import org.jspecify.annotations.NullMarked;
