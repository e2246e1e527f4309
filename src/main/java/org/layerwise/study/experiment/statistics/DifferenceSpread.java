package org.layerwise.study.experiment.statistics;

import java.util.Collection;
import java.util.List;
import org.layerwise.base.Statistics;

/**
 * Spread of the paired difference of two arms, as a pilot shows it.
 *
 * @param seeds standard deviation of the difference over seeds, in units of the metric
 * @param degreesOfFreedom degrees of freedom of that standard deviation
 * @param rows standard deviation over rows of the difference of a row's metric, the mean over seeds; 0 if only the
 *     measured rows are of interest or nothing is known of single rows. For the accuracy of two arms that disagree on
 *     the share q of the rows it is about √q
 */
public record DifferenceSpread(double seeds, double degreesOfFreedom, double rows) {

    public DifferenceSpread {
        if (!(seeds >= 0 && degreesOfFreedom > 0 && rows >= 0)) {
            throw new IllegalArgumentException(
                    "%s with %s degrees of freedom, %s".formatted(seeds, degreesOfFreedom, rows));
        }
    }

    /**
     * Returns the spread over seeds that a pilot shows: the root of the mean variance over the arms, weighted by their
     * degrees of freedom.
     *
     * @param differences differences from the baseline for each seed, a list per arm
     * @throws IllegalArgumentException if no arm has two seeds
     */
    public static DifferenceSpread of(Collection<List<Double>> differences) {
        double squares = 0;
        int degrees = 0;
        int seeds = 0;
        for (List<Double> arm : differences) {
            if (arm.size() > 1) {
                double spread = Statistics.spread(arm);
                squares += spread * spread * (arm.size() - 1);
                degrees += arm.size() - 1;
                seeds = Math.max(seeds, arm.size());
            }
        }
        if (degrees == 0) {
            throw new IllegalArgumentException("a spread needs two seeds");
        }
        // the arms share the runs of the baseline, so that further arms add little: those of one arm count
        return new DifferenceSpread(Math.sqrt(squares / degrees), seeds - 1, 0);
    }

    /** Returns this spread with that over rows. */
    public DifferenceSpread withRows(double spread) {
        return new DifferenceSpread(seeds, degreesOfFreedom, spread);
    }

    /**
     * Returns this spread with the upper limit of a one-sided confidence interval for that over seeds. A pilot of few
     * seeds often shows too small a spread; planned with the limit at 0.8, a study has its power in 80 % of pilots
     * (Browne, Statistics in Medicine 14, 1995).
     *
     * @param confidence confidence of the limit, between 0 and 1
     */
    public DifferenceSpread upper(double confidence) {
        return new DifferenceSpread(
                seeds * Math.sqrt(degreesOfFreedom / StudentT.chiSquaredQuantile(1 - confidence, degreesOfFreedom)),
                degreesOfFreedom,
                rows);
    }
}
