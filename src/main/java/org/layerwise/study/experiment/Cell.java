package org.layerwise.study.experiment;

import org.layerwise.base.Decimals;

/**
 * Run of an experiment.
 *
 * @param arm arm of the run
 * @param rate learning rate
 * @param seed seed of the run
 * @param purpose purpose of the run
 */
public record Cell(Arm arm, double rate, long seed, Purpose purpose) {

    /** Purpose of a run. */
    public enum Purpose {
        /** A short run, whose adapter chooses layers. */
        PROBE("probe"),
        /** A run that only serves to choose a learning rate, or belongs to a pilot. */
        SWEEP("sweep"),
        /** A run that is reported. */
        FINAL("final");

        private final String id;

        Purpose(String id) {
            this.id = id;
        }

        /** Returns the name in files. */
        String id() {
            return id;
        }

        /** Returns the folder of these runs, relative to that of the experiment. */
        String folder() {
            return "runs/" + id;
        }
    }

    /**
     * Returns the run's folder, relative to that of the experiment. The name contains everything in which runs differ,
     * so that it is unique.
     */
    public String folder() {
        return "%s/%s-lr%s-seed%s".formatted(purpose.folder(), arm.id(), Decimals.shortest(rate), seed);
    }

    /** Returns a description of the run for people. */
    public String words() {
        return "%s, learning rate %s, seed %s".formatted(arm.words(), Decimals.shortest(rate), seed);
    }
}
