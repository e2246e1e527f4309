package org.layerwise.data;

import com.fasterxml.jackson.annotation.JsonValue;

/** Choice of rows if there are more than requested. The chosen rows are always in file order. */
public enum SamplingMode {
    /** The first rows, as the reference implementation does. */
    FIRST("first"),
    /** Rows drawn without replacement, each with the same probability; the same for the same seed on every machine. */
    RANDOM("random"),
    /**
     * Rows drawn from each class so that the classes keep their shares; the same for the same seed on every machine.
     */
    STRATIFIED("stratified");

    private final String id;

    SamplingMode(String id) {
        this.id = id;
    }

    /** Returns the name in flags and files. */
    @JsonValue
    public String id() {
        return id;
    }
}
