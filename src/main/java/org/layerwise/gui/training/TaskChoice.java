package org.layerwise.gui.training;

import static org.layerwise.gui.common.Messages.text;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.layerwise.training.TaskKind;

/** Choice in the form for the task: a task, or automatic detection from the checkpoint and the labels. */
public enum TaskChoice {
    AUTO(null),
    CLASSIFICATION(TaskKind.CLASSIFICATION),
    REGRESSION(TaskKind.REGRESSION),
    CAUSAL_LM(TaskKind.CAUSAL_LM);

    private final @Nullable TaskKind kind;

    TaskChoice(@Nullable TaskKind kind) {
        this.kind = kind;
    }

    /** Returns the choice of a task; null for automatic detection from the checkpoint and the labels. */
    public static TaskChoice of(@Nullable TaskKind kind) {
        return Arrays.stream(values())
                .filter(choice -> choice.kind == kind)
                .findFirst()
                .orElseThrow();
    }

    /** Returns the task; null for automatic detection from the checkpoint and the labels. */
    public @Nullable TaskKind kind() {
        return kind;
    }

    @Override
    public String toString() {
        return text("training.task." + (kind == null ? "auto" : kind.id()));
    }
}
