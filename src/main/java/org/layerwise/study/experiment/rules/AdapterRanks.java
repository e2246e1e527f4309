package org.layerwise.study.experiment.rules;

/** Ranks that the adapters of an arm have. */
public enum AdapterRanks {
    /** The experiment's rank. */
    WHOLE(""),
    /** Half of it. */
    HALF("-half-r"),
    /** Ranks that a measure spreads over the linear maps of all layers, within a share of the parameters. */
    SPREAD("-ranks");

    private final String suffix;

    AdapterRanks(String suffix) {
        this.suffix = suffix;
    }

    /** Returns the ending of ids of arms with these ranks; empty for the experiment's own. */
    public String suffix() {
        return suffix;
    }
}
