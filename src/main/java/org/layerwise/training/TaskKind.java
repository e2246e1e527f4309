package org.layerwise.training;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Task for which a model is trained. */
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

    /** Returns the names of the metrics of an evaluation other than the loss, in the order of their display. */
    public List<String> metrics() {
        return metrics;
    }

    /** Returns the name in settings and files. */
    public String id() {
        return id;
    }

    /** Returns the task of a name in settings and files; empty if there is none. */
    public static Optional<TaskKind> of(String id) {
        return Arrays.stream(values()).filter(task -> task.id.equals(id)).findFirst();
    }
}
