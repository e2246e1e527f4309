package org.layerwise.selection.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Names of the modules of a model's layers, in HuggingFace's model with a task head.
 *
 * @param layersPrefix beginning of the full names of all layers' modules, before the number:
 *     {@code bert.encoder.layer.}
 * @param linearModules names of a layer's linear modules, without the layer's prefix: {@code attention.self.query}
 * @param freshModules parts of the head, apart from the classifier itself, that the checkpoint lacks: they are newly
 *     initialized, so they must be trained and saved with an adapter for classification
 */
public record ModuleLayout(String layersPrefix, List<String> linearModules, List<String> freshModules) {

    public ModuleLayout {
        linearModules = List.copyOf(linearModules);
        freshModules = List.copyOf(freshModules);
    }

    /**
     * Returns the name of the list of layers, which is the last part before the number: {@code layer}, {@code layers},
     * {@code h}.
     */
    public String layerList() {
        String[] parts = layersPrefix.split("\\.");
        return parts[parts.length - 1];
    }

    /**
     * Returns the full names of the linear modules in given layers that targets match. A target is a module's name or
     * its end after a dot, as in PEFT.
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
