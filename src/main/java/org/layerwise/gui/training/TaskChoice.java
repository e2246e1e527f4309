package org.layerwise.gui.training;

import static org.layerwise.gui.text.Messages.text;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.layerwise.training.TaskKind;

/** The tasks that the form offers: one of them, or what the checkpoint and the labels say. */
public enum TaskChoice {
    AUTO(null),
    CLASSIFICATION(TaskKind.CLASSIFICATION),
    REGRESSION(TaskKind.REGRESSION),
    CAUSAL_LM(TaskKind.CAUSAL_LM);

    private final @Nullable TaskKind kind;

    TaskChoice(@Nullable TaskKind kind) {
        this.kind = kind;
    }

    /** The choice of a task; null for whatever the checkpoint and the labels say. */
    public static TaskChoice of(@Nullable TaskKind kind) {
        return Arrays.stream(values())
                .filter(choice -> choice.kind == kind)
                .findFirst()
                .orElseThrow();
    }

    /** The task, null for whatever the checkpoint and the labels say. */
    public @Nullable TaskKind kind() {
        return kind;
    }

    @Override
    public String toString() {
        return text("training.task." + (kind == null ? "auto" : kind.id()));
    }
}
