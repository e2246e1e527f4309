package org.layerwise.lora;

import java.util.List;

/**
 * Settings that few adapters use.
 *
 * @param everyLayer true if no layers are named: then modules outside the layers, such as a pooler, may also have
 *     adapters
 * @param layersPattern names of the lists of layers in which {@code layers_to_transform} counts; empty for any list
 * @param excluded modules that get no adapter although they match a target: names, or one regular expression
 * @param biasOnB true if B has a bias of its own ({@code lora_bias})
 * @param targetParameters weights of experts that get adapters, by their names or the ends of them after a dot
 */
public record AdvancedLoraConfig(
        boolean everyLayer,
        List<String> layersPattern,
        List<String> excluded,
        boolean biasOnB,
        List<String> targetParameters) {

    /** Default details, which nearly all adapters have. */
    public static final AdvancedLoraConfig DEFAULTS =
            new AdvancedLoraConfig(false, List.of(), List.of(), false, List.of());

    public AdvancedLoraConfig {
        layersPattern = List.copyOf(layersPattern);
        excluded = List.copyOf(excluded);
        targetParameters = List.copyOf(targetParameters);
    }

    AdvancedLoraConfig withEveryLayer() {
        return new AdvancedLoraConfig(true, layersPattern, excluded, biasOnB, targetParameters);
    }

    AdvancedLoraConfig inLayers() {
        return new AdvancedLoraConfig(false, layersPattern, excluded, biasOnB, targetParameters);
    }

    AdvancedLoraConfig withTargetParameters(List<String> other) {
        return new AdvancedLoraConfig(everyLayer, layersPattern, excluded, biasOnB, other);
    }
}
