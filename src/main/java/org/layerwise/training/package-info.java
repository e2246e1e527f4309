/** Optimiser, learning-rate schedule, trainer, objectives and evaluation metrics. */
@NullMarked
package org.layerwise.training;

import org.jspecify.annotations.NullMarked;
