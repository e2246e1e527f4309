package org.layerwise.lora;

import java.util.List;

/**
 * What few adapters ask for.
 *
 * @param everyLayer whether no layers are named: then modules outside of the layers, such as a pooler, may have adapters, too
 * @param layersPattern names of lists of layers that {@code layers_to_transform} counts in; empty for any
 * @param excluded modules that get no adapter although a target means them: names, or one regular expression
 * @param biasOnB whether B has a bias of its own ({@code lora_bias})
 */
public record LoraDetails(boolean everyLayer, List<String> layersPattern, List<String> excluded, boolean biasOnB) {

    /** What nearly all have. */
    public static final LoraDetails USUAL = new LoraDetails(false, List.of(), List.of(), false);

    public LoraDetails {
        layersPattern = List.copyOf(layersPattern);
        excluded = List.copyOf(excluded);
    }

    LoraDetails withEveryLayer() {
        return new LoraDetails(true, layersPattern, excluded, biasOnB);
    }
}
