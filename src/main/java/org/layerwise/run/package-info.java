/**
 * Folder of a training run: settings, state, metrics, checkpoints and results. Start with {@link
 * org.layerwise.run.Run}; {@link org.layerwise.run.RunStore} finds all runs.
 */
@NullMarked
package org.layerwise.run;

import org.jspecify.annotations.NullMarked;
