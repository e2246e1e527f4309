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
 */
public record AdvancedLoraConfig(
        boolean everyLayer, List<String> layersPattern, List<String> excluded, boolean biasOnB) {

    /** Default details, which nearly all adapters have. */
    public static final AdvancedLoraConfig DEFAULTS = new AdvancedLoraConfig(false, List.of(), List.of(), false);

    public AdvancedLoraConfig {
        layersPattern = List.copyOf(layersPattern);
        excluded = List.copyOf(excluded);
    }

    AdvancedLoraConfig withEveryLayer() {
        return new AdvancedLoraConfig(true, layersPattern, excluded, biasOnB);
    }
}
