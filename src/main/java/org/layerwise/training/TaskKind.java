package org.layerwise.training;

import java.util.List;

/** What a model is trained to do. */
public enum TaskKind {
    CLASSIFICATION("classification", "accuracy", "matthews", "f1"),
    REGRESSION("regression", "pearson", "spearman"),
    CAUSAL_LM("causal-lm", "perplexity");

    private final String id;
    private final List<String> metrics;

    TaskKind(String id, String... metrics) {
        this.id = id;
        this.metrics = List.of(metrics);
    }

    /** The names of the metrics that an evaluation has beside the loss, in the order in which they are shown. */
    public List<String> metrics() {
        return metrics;
    }

    /** The word used in settings and files. */
    public String id() {
        return id;
    }
}
