package org.layerwise.data;

import java.util.Arrays;
import java.util.List;

/** Which rows are taken where there are more than wanted. They always come in file order. */
public enum Sampling {
    /** The first rows, as the reference implementation does. */
    FIRST("first"),
    /** Rows drawn without replacement, each with the same chance; the same for the same seed on every machine. */
    RANDOM("random"),
    /** Rows drawn from each class so that the classes keep their shares; the same for the same seed on every machine. */
    STRATIFIED("stratified");

    private final String id;

    Sampling(String id) {
        this.id = id;
    }

    /** The name in flags and files. */
    public String id() {
        return id;
    }

    /** All names. */
    public static List<String> ids() {
        return Arrays.stream(values()).map(Sampling::id).toList();
    }
}
