package org.layerwise.study.experiment;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

    private static final Pattern NAME = Pattern.compile("(.+)-lr([0-9.eE+-]+)-seed(\\d{1,18})");

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
        public String folder() {
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

    /** Returns the run whose folder has a name, as {@link #folder} gives it; empty if no run has this name. */
    public static Optional<Cell> of(Purpose purpose, String name) {
        Matcher parts = NAME.matcher(name);
        if (!parts.matches()) {
            return Optional.empty();
        }
        try {
            double rate = Double.parseDouble(parts.group(2));
            long seed = Long.parseLong(parts.group(3));
            return Arm.of(parts.group(1)).map(arm -> new Cell(arm, rate, seed, purpose));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Returns a description of the run for people. */
    public String words() {
        return "%s, learning rate %s, seed %s".formatted(arm.words(), Decimals.shortest(rate), seed);
    }
}
