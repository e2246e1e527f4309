package org.layerwise.study.model;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.data.LabelUse;
import org.layerwise.data.Labels;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.config.ModuleNames;
import org.layerwise.training.TaskKind;

/** Finds the task if none is given: from the checkpoint's {@code architectures}, otherwise from the labels. */
public final class TaskChoice {

    private TaskChoice() {}

    /** Returns the way to read the labels, as far as the task is known before the labels are read. */
    public static LabelUse labelUse(TransformerModel model, @Nullable TaskKind task) {
        TaskKind known = task != null ? task : ofCheckpoint(model);
        if (known == null) {
            return LabelUse.AUTO;
        }
        return switch (known) {
            case CLASSIFICATION -> LabelUse.CLASSES;
            case REGRESSION -> LabelUse.NUMBERS;
            case CAUSAL_LM -> LabelUse.AUTO;
        };
    }

    /**
     * Returns the task.
     *
     * @throws UserException if the checkpoint was made for a task that is not supported
     */
    public static TaskKind of(TransformerModel model, @Nullable TaskKind task, Labels labels) {
        TaskKind chosen = task != null ? task : ofCheckpoint(model);
        if (chosen != null) {
            return chosen;
        }
        if (labels instanceof Labels.Numbers) {
            return TaskKind.REGRESSION;
        }
        boolean tokens = labels instanceof Labels.TokenLabels || labels instanceof Labels.None && predictsTokens(model);
        return tokens ? TaskKind.CAUSAL_LM : TaskKind.CLASSIFICATION;
    }

    /** Returns the most likely task, as far as the task is known before labels are read. */
    public static TaskKind likely(TransformerModel model, @Nullable TaskKind task) {
        return of(model, task, new Labels.None());
    }

    private static boolean predictsTokens(TransformerModel model) {
        return model.description().names().has(ModuleNames.Module.LANGUAGE_MODEL);
    }

    private static @Nullable TaskKind ofCheckpoint(TransformerModel model) {
        JsonNode config = model.checkpoint().config();
        if (isClassifier(config)) {
            if (config.path("problem_type").asText("").equals("multi_label_classification")) {
                throw new UserException(
                        "%s has problem_type = multi_label_classification, which Layerwise does not support."
                                .formatted(model.checkpoint().folder().resolve("config.json")));
            }
            boolean regression = config.path("problem_type").asText("").equals("regression")
                    || model.storedLabels().orElse(model.config().labels().count()) == 1;
            return regression ? TaskKind.REGRESSION : TaskKind.CLASSIFICATION;
        }
        return null;
    }

    /** Returns true if a model of a {@code config.json} was saved with a head for sequence classification. */
    static boolean isClassifier(JsonNode config) {
        for (JsonNode architecture : config.path("architectures")) {
            if (architecture.asText().endsWith("ForSequenceClassification")) {
                return true;
            }
        }
        return false;
    }
}
