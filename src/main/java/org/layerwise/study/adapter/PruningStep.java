package org.layerwise.study.adapter;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.layerwise.settings.BestMetric;
import org.layerwise.training.Evaluation;

/**
 * Adapter after the removal of some layers.
 *
 * @param removed layer that was removed last, 0-based; null for the whole adapter
 * @param layers layers that have adapters, 0-based
 * @param parameters number of parameters of the adapters in these layers
 * @param evaluation evaluation on the rows
 */
public record PruningStep(
        @Nullable Integer removed, SortedSet<Integer> layers, long parameters, Evaluation evaluation) {

    public PruningStep {
        layers = Collections.unmodifiableSortedSet(new TreeSet<>(layers));
    }

    /** Returns the loss of a metric against another step, in the units of the metric; negative if this step is better. */
    public double loss(PruningStep other, BestMetric metric) {
        double more = metric.of(evaluation) - metric.of(other.evaluation());
        return metric.lessIsBetter() ? more : -more;
    }
}
