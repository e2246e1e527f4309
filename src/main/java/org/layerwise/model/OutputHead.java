package org.layerwise.model;

/** Head that turns the hidden states of a transformer into the outputs of a task. It computes in float32. */
public sealed interface OutputHead permits ClassificationHead, LanguageModelHead {

    /** Returns the transformer that computes the states that this head reads, and as few others as possible. */
    Transformer feeding(Transformer transformer);
}
