/** What the engine computes on: its facts, the GPU's set-up step by step, threads. */
@NullMarked
package org.layerwise.gui.compute;

import org.jspecify.annotations.NullMarked;
