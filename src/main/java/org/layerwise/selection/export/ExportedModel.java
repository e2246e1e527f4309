package org.layerwise.selection.export;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.selection.ModelKind;

/**
 * Model as another tool loads it.
 *
 * @param name an id of the HuggingFace hub, or a folder
 * @param revision branch, tag or commit on the hub; null for a folder, or for the newest revision
 * @param kind kind of the model
 * @param classifier true if the model is trained for sequence classification, as encoders and decoders that were saved with
 *     such a head are; false for causal language modelling
 * @param modules names of the model's modules
 * @param quantization method by which the weights are quantised
 * @param defaultTargets linear modules that receive adapters if the settings name none
 */
public record ExportedModel(
        String name,
        @Nullable String revision,
        ModelKind kind,
        boolean classifier,
        ModuleLayout modules,
        QuantizationMethod quantization,
        List<String> defaultTargets) {

    public ExportedModel {
        defaultTargets = List.copyOf(defaultTargets);
    }

    /** Returns the exception for a tool that cannot open the quantised weights. */
    UserException refusedFor(String tool) {
        return new UserException(
                "%s has no setting for the quantised weights of %s; export for PEFT, or choose a checkpoint in 16 bits."
                        .formatted(tool, name));
    }
}
