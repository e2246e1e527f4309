package org.layerwise.study.experiment;

import java.util.List;
import java.util.Optional;
import org.layerwise.study.BestMetric;
import org.layerwise.training.Evaluation;

/** Chooses a learning rate by the validation rows. */
final class Sweep {

    private Sweep() {}

    /** A rate and what its run came to on the validation rows. */
    record Tried(double rate, Evaluation validation) {}

    /**
     * The rate with the best metric; of several the one with the lowest loss, and of those the lowest.
     *
     * @return empty if no run came to its end
     */
    static Optional<Tried> best(List<Tried> tried, BestMetric metric) {
        Tried best = null;
        for (Tried one : tried) {
            if (best == null || better(one, best, metric)) {
                best = one;
            }
        }
        return Optional.ofNullable(best);
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
