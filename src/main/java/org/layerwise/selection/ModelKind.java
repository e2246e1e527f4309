package org.layerwise.selection;

import java.util.Locale;

/** Kinds of models that occur in the names of the paper's files. */
public enum ModelKind {
    /** Reads a row in both directions: RoBERTa, DeBERTa. */
    ENCODER,
    /** Predicts the next token: Llama, Mistral, Gemma. */
    DECODER,
    /** Predicts the next token from text and images: LLaVA. */
    VISION;

    /** Returns the name in files: {@code encoder}, {@code decoder}, {@code vision}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the kind of a name; an encoder for unknown names. */
    public static ModelKind of(String id) {
        for (ModelKind kind : values()) {
            if (kind.id().equals(id)) {
                return kind;
            }
        }
        return ENCODER;
    }
}
