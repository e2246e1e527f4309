package org.layerwise.data;

import java.util.Arrays;
import java.util.List;

/**
 * Where the reference implementation (arXiv 2602.05988) treats tokens in an odd way, a switch that does the same, to reproduce
 * its numbers. None is on by default.
 */
public enum Compatibility {
    /**
     * Every end-of-sequence token is masked as if it were padding: the reference pads with it and shows the model what is no
     * padding. No token sees it, and "the last token" of an instruction is the one before, mostly a line feed.
     */
    EOS_IS_PADDING("eos-is-padding"),
    /**
     * The two texts of a pair have the same token type: the reference does not hand on {@code token_type_ids}. Matters for
     * models with several, such as BERT; RoBERTa and DeBERTa-v3 have none.
     */
    NO_TOKEN_TYPES("no-token-types");

    private final String id;

    Compatibility(String id) {
        this.id = id;
    }

    /** The name in flags and files. */
    public String id() {
        return id;
    }

    /** All names. */
    public static List<String> ids() {
        return Arrays.stream(values()).map(Compatibility::id).toList();
    }
}
