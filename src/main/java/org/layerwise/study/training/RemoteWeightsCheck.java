package org.layerwise.study.training;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import org.layerwise.base.UserException;
import org.layerwise.lora.Bias;
import org.layerwise.lora.Initialisation;
import org.layerwise.lora.LoraVariant;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.settings.AdapterSettings;
import org.layerwise.study.model.OpenModel;
import org.layerwise.training.TaskKind;

/**
 * Checks trainings on a cluster whose model weights are not on this computer. Standard LoRA adapters can be initialised
 * without the weights; other settings need them.
 */
public final class RemoteWeightsCheck {

    private RemoteWeightsCheck() {}

    /**
     * Checks that the weights are on this computer if the training is initialised from some of them.
     *
     * @throws UserException if the weights are needed and missing; the message names the setting
     */
    static void requireNone(OpenModel model, TaskKind task, AdapterSettings adapter) {
        if (!model.hasWeights()) {
            wanted(model, task, adapter).ifPresent(what -> {
                throw new UserException(
                        "The weights of %s are not here, and %s with some of them; get them (layerwise download), or change that."
                                .formatted(model.card().name(), what));
            });
        }
    }

    /**
     * Checks that the weights are on this computer if a trained adapter needs them.
     *
     * @throws UserException if the weights are missing and the adapter was initialised from them
     */
    public static void requireNone(OpenModel model, LoraVariant used) {
        if (!model.hasWeights() && used.initialisation() instanceof Initialisation.TakenOut start) {
            throw new UserException(
                    "The weights of %s are not here, and an adapter by %s takes a part out of them; get them (layerwise download)."
                            .formatted(model.card().name(), start.title()));
        }
    }

    private static Optional<String> wanted(OpenModel model, TaskKind task, AdapterSettings adapter) {
        if (adapter.variant().initialisation() instanceof Initialisation.TakenOut start) {
            return Optional.of("--variant %s begins".formatted(start.id()));
        }
        if (adapter.initial() == null && adapter.variant().initialisation() instanceof Initialisation.Eva) {
            return Optional.of("--variant eva begins");
        }
        if (adapter.initial() == null && adapter.variant().decomposed()) {
            return Optional.of("--variant dora begins");
        }
        if (adapter.initial() == null && adapter.bias() != Bias.NONE) {
            return Optional.of("--bias %s begins".formatted(adapter.bias().id()));
        }
        if (adapter.initial() == null && !adapter.modulesToSave().isEmpty()) {
            return Optional.of("--modules-to-save begins");
        }
        return task != TaskKind.CAUSAL_LM && mayHaveHead(model)
                ? Optional.of("a head for classification may begin")
                : Optional.empty();
    }

    /**
     * Returns true if a checkpoint of this kind may have weights of a classification head. The configuration does not
     * contain this information.
     */
    private static boolean mayHaveHead(OpenModel model) {
        ModelConfig.Head head = model.described().config().head();
        if (head.dense() != null || head.normed()) {
            return true;
        }
        for (JsonNode architecture : model.described().checkpoint().config().path("architectures")) {
            if (architecture.asText().endsWith("ForSequenceClassification")) {
                return true;
            }
        }
        return false;
    }
}
