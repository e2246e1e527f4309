package org.layerwise.analysis;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Position of the token whose vector represents an example (method.md, section 1). */
public enum Position {
    /** First token: {@code <s>} or {@code [CLS]}; the default for encoders. */
    FIRST,
    /** Last token that is not padding; the default for decoders. */
    LAST,
    /** Mean over all tokens that are not padding. */
    MEAN;

    /** Returns the name in settings and files: {@code first}, {@code last}, {@code mean}. */
    @JsonValue
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
