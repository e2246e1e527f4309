package org.layerwise.analysis;

import java.util.Locale;

/** What happens to a layer whose importance is undefined when layers are ranked (method.md, section 3). */
public enum UndefinedLayers {
    /** It is left out of the ranking and is never selected. */
    EXCLUDE,
    /** It is ranked first, before all layers with a value: this is what most published decoder selections did. */
    INCLUDE;

    /** The word used in settings and files: {@code exclude}, {@code include}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
