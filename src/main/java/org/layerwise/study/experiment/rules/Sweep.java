package org.layerwise.study.experiment.rules;

import java.util.List;
import java.util.Optional;
import org.layerwise.settings.BestMetric;
import org.layerwise.training.Evaluation;

/** Chooses a learning rate by the validation rows. */
public final class Sweep {

    private Sweep() {}

    /** Learning rate and the evaluation of its run on the validation rows. */
    public record Tried(double rate, Evaluation validation) {}

    /**
     * Returns the learning rate with the best metric; among equal metrics the one with the lowest loss, and among equal
     * losses the lowest learning rate.
     *
     * @return best learning rate; empty if no run finished
     */
    public static Optional<Tried> best(List<Tried> tried, BestMetric metric) {
        return tried.stream().reduce((best, one) -> better(one, best, metric) ? one : best);
    }

    /** Returns the learning rates from best to worst. */
    public static List<Tried> ranked(List<Tried> tried, BestMetric metric) {
        return tried.stream()
                .sorted((one, other) -> better(one, other, metric) ? -1 : better(other, one, metric) ? 1 : 0)
                .toList();
    }

    private static boolean better(Tried one, Tried other, BestMetric metric) {
        if (metric.better(one.validation(), other.validation())) {
            return true;
        }
        if (metric.better(other.validation(), one.validation())) {
            return false;
        }
        int loss = Double.compare(one.validation().loss(), other.validation().loss());
        return loss < 0 || loss == 0 && one.rate() < other.rate();
    }
}
