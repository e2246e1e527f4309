/**
 * Training of adapters on the selected layers, new or resumed, and the estimate of its memory. Start with {@link
 * org.layerwise.study.training.TrainingJob}.
 */
@NullMarked
package org.layerwise.study.training;

import org.jspecify.annotations.NullMarked;
