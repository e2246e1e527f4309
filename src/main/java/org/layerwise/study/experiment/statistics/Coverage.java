package org.layerwise.study.experiment.statistics;

/** Sources of variation that an interval covers. */
public enum Coverage {
    /** Other seeds, on the same measured rows. */
    SEEDS("seeds", "other seeds, on the same rows", "2 to 6"),
    /** Other seeds and other rows of the same kind. */
    SEEDS_AND_ROWS("seeds and rows", "other seeds and other rows of the same kind", "5 to 7"),
    /** Other rows of the same kind, with the same seed. */
    ROWS("rows", "other rows of the same kind, with the same seed", "");

    private final String id;
    private final String words;
    private final String simulated;

    Coverage(String id, String words, String simulated) {
        this.id = id;
        this.words = words;
        this.simulated = simulated;
    }

    /** Returns the name in files: {@code seeds}, {@code seeds and rows} or {@code rows}. */
    public String id() {
        return id;
    }

    /** Returns words that follow "covers". */
    public String words() {
        return words;
    }

    /** Returns true if another seed is covered, without which no claim on a way to train can be made. */
    public boolean seeds() {
        return this != ROWS;
    }

    /**
     * Returns the per cent of simulated families of 4 to 15 arms without a difference, with 5 to 10 seeds, in which a
     * simultaneous 95 % interval missed 0: the range over the kinds of families (decision 39).
     */
    public String simulated() {
        return simulated;
    }
}
