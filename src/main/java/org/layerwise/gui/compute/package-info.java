/** Compute pane: facts about the engine, the set-up of the GPU step by step, and the number of threads. */
@NullMarked
package org.layerwise.gui.compute;

import org.jspecify.annotations.NullMarked;
