package org.layerwise.study.experiment;

import org.layerwise.base.Decimals;

/**
 * Run of an experiment.
 *
 * @param arm arm of the run
 * @param rate learning rate
 * @param seed seed of the run
 * @param sweep true if the run only serves to choose a learning rate, or belongs to a pilot
 */
public record Cell(Arm arm, double rate, long seed, boolean sweep) {

    /** Folder of the final runs, relative to that of the experiment. */
    static final String FINAL_RUNS = "runs/final";

    private static final String SWEEP_RUNS = "runs/sweep";

    /**
     * Returns the run's folder, relative to that of the experiment. The name contains everything in which runs differ,
     * so that it is unique.
     */
    public String folder() {
        return "%s/%s-lr%s-seed%s".formatted(sweep ? SWEEP_RUNS : FINAL_RUNS, arm.id(), Decimals.shortest(rate), seed);
    }

    /** Returns a description of the run for people. */
    public String words() {
        return "%s, learning rate %s, seed %s".formatted(arm.words(), Decimals.shortest(rate), seed);
    }
}
