/** Outcomes of experiments, finished or running, and their figures. */
@NullMarked
package org.layerwise.study.experiment.outcome;

import org.jspecify.annotations.NullMarked;
