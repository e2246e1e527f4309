package org.layerwise.study;

import java.util.Locale;

/** How much of a model is in memory at a time. */
public enum Loading {
    /** All of it if the memory is enough, otherwise a layer at a time. */
    AUTO,
    /** All of it. */
    WHOLE,
    /** A layer at a time: for analysing models larger than the memory. */
    LAYERS,
    /** Nothing of it; not even its files need be here, but for configuration and tokenizer. For work on a cluster. */
    NONE;

    /** The word in settings: {@code auto}, {@code whole}, {@code layers}, {@code none}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
