/** Optimiser, schedule, trainer, evaluation metrics and the run folder. */
@NullMarked
package org.layerwise.training;

import org.jspecify.annotations.NullMarked;
