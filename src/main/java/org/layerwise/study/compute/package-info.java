/** What the engine computes on: libtorch's libraries, the GPU's set-up, threads; the settings that say so. */
@NullMarked
package org.layerwise.study.compute;

import org.jspecify.annotations.NullMarked;
