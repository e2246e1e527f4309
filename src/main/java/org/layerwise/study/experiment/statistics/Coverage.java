package org.layerwise.study.experiment.statistics;

/** Sources of variation that an interval covers. */
public enum Coverage {
    /** Other seeds, on the same measured rows. */
    SEEDS("seeds", "other seeds, on the same rows"),
    /** Other seeds and other rows of the same kind. */
    SEEDS_AND_ROWS("seeds and rows", "other seeds and other rows of the same kind"),
    /** Other rows of the same kind, with the same seed. */
    ROWS("rows", "other rows of the same kind, with the same seed");

    private final String id;
    private final String words;

    Coverage(String id, String words) {
        this.id = id;
        this.words = words;
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
}
