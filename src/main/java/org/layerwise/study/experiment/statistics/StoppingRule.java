package org.layerwise.study.experiment.statistics;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.uncertainty.Interval;

/**
 * Rule by which arms are stopped early: after half of the seeds, arms whose interval of the difference from the baseline
 * is wholly worse than 0 stop. The intervals of this look hold together with 99.5 %, those of the end, which compare the
 * remaining arms, with 95.5 %, so that both looks together call an arm different that is not with a probability of at
 * most 5 % (Bonferroni over the looks).
 *
 * @param seeds number of seeds of the whole experiment
 */
public record StoppingRule(int seeds) {

    /** Name in settings and plans. */
    public static final String ID = "half";

    /** Confidence of all intervals of the look after half of the seeds. */
    public static final double EARLY_LEVEL = 0.995;

    /** Confidence of all intervals at the end. */
    public static final double FINAL_LEVEL = 0.955;

    /** Least number of seeds of the early look; two give no arm a chance to stop. */
    private static final int LEAST = 3;

    public StoppingRule {
        if (seeds < 1) {
            throw new IllegalArgumentException(seeds + " seeds");
        }
    }

    /** Returns the number of seeds after which arms may stop: half of them, rounded up, and at least three. */
    public int look() {
        return Math.max(LEAST, (seeds + 1) / 2);
    }

    /** Returns true if there is an early look, before the last seed. */
    public boolean applies() {
        return look() < seeds;
    }

    /**
     * Returns the indices of the arms that stop, ascending. An arm whose interval covers no other seeds goes on.
     *
     * @param differences differences of the arms from the baseline over the first {@link #look} seeds
     * @param lessIsBetter true if smaller values of the metric are better
     * @param seed seed of the draws of the intervals
     */
    public List<Integer> stopped(List<PairedDifference> differences, boolean lessIsBetter, long seed) {
        return stopped(SimultaneousIntervals.of(differences, seed), differences.size(), lessIsBetter).stream()
                .filter(arm -> differences.get(arm).coverage().seeds())
                .toList();
    }

    static List<Integer> stopped(SimultaneousIntervals intervals, int arms, boolean lessIsBetter) {
        List<Integer> stopped = new ArrayList<>();
        for (int arm = 0; arm < arms; arm++) {
            @Nullable Interval interval = intervals.interval(arm, EARLY_LEVEL);
            if (interval != null && (lessIsBetter ? interval.low() > 0 : interval.high() < 0)) {
                stopped.add(arm);
            }
        }
        return stopped;
    }
}
