package org.layerwise.selection.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What the modules of a model's layers are called in HuggingFace's model with a task head.
 *
 * @param layersPrefix what the full names of all layers' modules begin with, before the number:
 *     {@code bert.encoder.layer.}
 * @param linearModules names of a layer's linear modules, without the layer's prefix: {@code attention.self.query}
 * @param freshModules parts of the head, beside the classifier itself, that the checkpoint lacks: they start at random, so
 *     they must be trained and saved with an adapter for classification
 */
public record ModuleLayout(String layersPrefix, List<String> linearModules, List<String> freshModules) {

    public ModuleLayout {
        linearModules = List.copyOf(linearModules);
        freshModules = List.copyOf(freshModules);
    }

    /** The name of the list of layers, the last before the number: {@code layer}, {@code layers}, {@code h}. */
    public String layerList() {
        String[] parts = layersPrefix.split("\\.");
        return parts[parts.length - 1];
    }

    /**
     * The full names of the linear modules of some layers that targets stand for: a target is a module's name or its end
     * after a dot, as PEFT matches it.
     */
    public List<String> fullNames(Set<Integer> layers, List<String> targets) {
        List<String> names = new ArrayList<>();
        for (int layer : layers) {
            for (String module : linearModules) {
                String name = layersPrefix + layer + "." + module;
                if (targets.stream().anyMatch(target -> name.equals(target) || name.endsWith("." + target))) {
                    names.add(name);
                }
            }
        }
        return List.copyOf(names);
    }
}
