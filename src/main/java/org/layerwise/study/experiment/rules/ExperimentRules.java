package org.layerwise.study.experiment.rules;

import org.jspecify.annotations.Nullable;

/**
 * Rules of an experiment that its plan states beforehand.
 *
 * @param sweep choice of the learning rates; null for that of an earlier start, or else the default
 * @param stopping rule by which arms stop early
 * @param difference difference between arms that matters, above 0, in the unit of the metric; null if none was named
 */
public record ExperimentRules(@Nullable SweepRule sweep, Stopping stopping, @Nullable Double difference) {

    /** Rules of an experiment that names none. */
    public static final ExperimentRules DEFAULTS = new ExperimentRules(null, Stopping.NONE, null);

    /** Returns these rules with another choice of the learning rates. */
    public ExperimentRules with(SweepRule other) {
        return new ExperimentRules(other, stopping, difference);
    }
}
