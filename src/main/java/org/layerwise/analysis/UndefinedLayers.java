package org.layerwise.analysis;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Treatment of layers with undefined importance in a ranking (method.md, section 3). */
public enum UndefinedLayers {
    /** Undefined layers are left out of the ranking and never selected. */
    EXCLUDE,
    /**
     * Undefined layers are ranked first, before all layers with a value, as in most published selections of decoder
     * layers.
     */
    INCLUDE;

    /** Returns the name in settings and files: {@code exclude}, {@code include}. */
    @JsonValue
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
