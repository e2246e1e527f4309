package org.layerwise.selection;

import com.fasterxml.jackson.annotation.JsonValue;
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
    @JsonValue
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
