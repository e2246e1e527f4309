/** Importance of layers from the loss of the task with the update of one layer scaled down. */
@NullMarked
package org.layerwise.analysis.ablation;

import org.jspecify.annotations.NullMarked;
