package org.layerwise.training;

/** What a model is trained to do. */
public enum TaskKind {
    CLASSIFICATION("classification"),
    REGRESSION("regression"),
    CAUSAL_LM("causal-lm");

    private final String id;

    TaskKind(String id) {
        this.id = id;
    }

    /** The word used in settings and files. */
    public String id() {
        return id;
    }
}
