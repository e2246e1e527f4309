package org.layerwise.analysis;

import java.util.Locale;

/** Which token's vector stands for an example (method.md, section 1). */
public enum Position {
    /** The first token: {@code <s>} or {@code [CLS]}; the default for encoders. */
    FIRST,
    /** The last token that is not padding; the default for decoders. */
    LAST,
    /** The mean over all tokens that are not padding. */
    MEAN;

    /** The word used in settings and files: {@code first}, {@code last}, {@code mean}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
