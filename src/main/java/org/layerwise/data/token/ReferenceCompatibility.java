package org.layerwise.data.token;

import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Switch that reproduces an odd treatment of tokens in the reference implementation (arXiv 2602.05988), and so its
 * numbers. No switch is on by default.
 */
public enum ReferenceCompatibility {
    /**
     * Masks every end-of-sequence token as if it were padding. The reference implementation pads with the
     * end-of-sequence token and masks all occurrences of it. No token attends to a masked token, and "the last token"
     * of an instruction is the token before, mostly a line feed. The classifier of a decoder reads the masked token
     * nevertheless, as in transformers, if the configuration names another token for padding.
     */
    EOS_IS_PADDING("eos-is-padding"),
    /**
     * Gives the two texts of a pair the same token type: the reference implementation does not pass on
     * {@code token_type_ids}. Matters for models with several token types, such as BERT; RoBERTa and DeBERTa-v3 have
     * only one.
     */
    NO_TOKEN_TYPES("no-token-types");

    private final String id;

    ReferenceCompatibility(String id) {
        this.id = id;
    }

    /** Returns the name in flags and files. */
    @JsonValue
    public String id() {
        return id;
    }
}
