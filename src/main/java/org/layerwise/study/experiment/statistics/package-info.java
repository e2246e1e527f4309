/** Statistics of paired differences between arms: simultaneous intervals, adjusted p-values, power, early stopping. */
@NullMarked
package org.layerwise.study.experiment.statistics;

import org.jspecify.annotations.NullMarked;
