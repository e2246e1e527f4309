package org.layerwise.selection;

import java.util.Locale;

/** The kinds of model that the paper's files are named after. */
public enum ModelKind {
    /** Reads a row in both directions: RoBERTa, DeBERTa. */
    ENCODER,
    /** Predicts the next token: Llama, Mistral, Gemma. */
    DECODER,
    /** Predicts the next token and sees images: LLaVA. */
    VISION;

    /** The word in files: {@code encoder}, {@code decoder}, {@code vision}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The kind of this word; an encoder for words that are none. */
    public static ModelKind of(String id) {
        for (ModelKind kind : values()) {
            if (kind.id().equals(id)) {
                return kind;
            }
        }
        return ENCODER;
    }
}
