package org.layerwise.model;

/** What turns the hidden states of a transformer into the outputs of a task. It computes in float32. */
public sealed interface OutputHead permits ClassificationHead, LanguageModelHead {

    /** The transformer that gives what this head reads, and as little else as it can. */
    Transformer feeding(Transformer transformer);
}
