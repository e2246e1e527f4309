package org.layerwise.settings;

import java.util.Locale;

/** Setting of the part of a model that is in memory at a time. */
public enum Loading {
    /** Loads all layers if the memory is sufficient, otherwise one layer at a time. */
    AUTO,
    /** Loads all layers. */
    WHOLE,
    /** Loads one layer at a time, or leaves matrices in their files, for models larger than the memory. */
    LAYERS,
    /** Loads nothing, for work on a cluster. Only the configuration and the tokenizer are needed on this computer. */
    NONE;

    /** Returns the value in settings: {@code auto}, {@code whole}, {@code layers}, {@code none}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
