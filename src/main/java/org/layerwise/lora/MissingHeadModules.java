package org.layerwise.lora;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.layerwise.model.ModelBlueprint;
import org.layerwise.model.ModelTensor;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.config.ModuleNames;
import org.layerwise.model.config.ModuleNames.Module;

/** Finds parts of a classification head that a checkpoint lacks. */
public final class MissingHeadModules {

    private MissingHeadModules() {}

    /**
     * Returns the modules that {@code modules_to_save} must name so that other programs can use an adapter for
     * classification: parts of the head that are initialised at random and that PEFT does not train by itself, as it
     * does the classifier.
     */
    public static List<String> of(ModelBlueprint blueprint) {
        ModelConfig.Head head = blueprint.config().head();
        ModuleNames names = blueprint.description().names();
        Set<String> stored = blueprint.tensors().stream().map(ModelTensor::name).collect(Collectors.toSet());
        List<Module> parts = new ArrayList<>();
        if (head.dense() != null) {
            parts.add(Module.HEAD_DENSE);
        }
        if (head.normed()) {
            parts.add(Module.HEAD_NORM);
        }
        return parts.stream()
                .filter(names::has)
                .map(names::head)
                .filter(module -> !stored.contains(module + ".weight"))
                .filter(module -> !PeftNames.alwaysSaved(module))
                .map(PeftNames::moduleToSave)
                .distinct()
                .toList();
    }
}
