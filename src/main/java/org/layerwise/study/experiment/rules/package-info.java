/** Rules of experiments: the choice of learning rates, early stops, the plan, and half of a rank. */
@NullMarked
package org.layerwise.study.experiment.rules;

import org.jspecify.annotations.NullMarked;
