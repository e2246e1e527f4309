package org.layerwise.study.experiment;

import org.layerwise.base.Decimals;

/**
 * One run of an experiment.
 *
 * @param sweep whether it only serves to choose a learning rate
 */
public record Cell(Arm arm, double rate, long seed, boolean sweep) {

    /** Its folder below that of the experiment. All in which runs differ is in the name, so that none is taken for another. */
    public String folder() {
        return "runs/%s/%s-lr%s-seed%s".formatted(sweep ? "sweep" : "final", arm.id(), Decimals.shortest(rate), seed);
    }

    /** What people read while it runs. */
    public String words() {
        return "%s, learning rate %s, seed %s".formatted(arm.words(), Decimals.shortest(rate), seed);
    }
}
