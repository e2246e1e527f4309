package org.layerwise.model.config;

import java.util.List;
import java.util.Set;

/**
 * Values of the key {@code layer_types}, which gives each layer full or sliding attention; older files lack the key.
 */
final class LayerTypes {

    static final String SLIDING = "sliding_attention";
    static final String FULL = "full_attention";

    /** All values that are supported. */
    static final Set<String> KNOWN = Set.of(SLIDING, FULL);

    private static final String KEY = "layer_types";

    private final List<String> types;

    LayerTypes(ConfigReader config, int layers) {
        this.types = config.texts(KEY);
        if (!types.isEmpty() && types.size() != layers) {
            throw config.refused("has %s layer_types for %s layers.".formatted(types.size(), layers));
        }
        for (String type : types) {
            if (!KNOWN.contains(type)) {
                throw config.refused(
                        "has layer_types with \"%s\"; Layerwise supports full_attention and sliding_attention."
                                .formatted(type));
            }
        }
    }

    boolean slides(int layer, boolean whenSilent) {
        return types.isEmpty() ? whenSilent : types.get(layer).equals(SLIDING);
    }
}
