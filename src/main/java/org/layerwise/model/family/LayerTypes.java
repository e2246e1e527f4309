package org.layerwise.model.family;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.layerwise.model.config.AttentionConfig;

/**
 * Values of the key {@code layer_types}, which gives each layer full, sliding or linear attention; older files lack the
 * key.
 */
final class LayerTypes {

    static final String SLIDING = "sliding_attention";
    static final String FULL = "full_attention";
    static final String LINEAR = "linear_attention";

    /** Values of most families. */
    static final Set<String> KNOWN = Set.of(SLIDING, FULL);

    private static final String KEY = "layer_types";

    private final ConfigReader config;
    private final int layers;
    private final List<String> types;

    LayerTypes(ConfigReader config, int layers) {
        this(config, layers, KNOWN);
    }

    /** @param known values that the family supports */
    LayerTypes(ConfigReader config, int layers, Set<String> known) {
        this.config = config;
        this.layers = layers;
        this.types = config.texts(KEY);
        if (!types.isEmpty() && types.size() != layers) {
            throw config.refused("has %s layer_types for %s layers.".formatted(types.size(), layers));
        }
        for (String type : types) {
            if (!known.contains(type)) {
                throw config.refused("has layer_types with \"%s\"; Layerwise supports %s."
                        .formatted(type, String.join(" and ", new TreeSet<>(known))));
            }
        }
    }

    /**
     * Refuses sliding attention without a window.
     *
     * @param keys keys that name the window, with a verb, for the message
     */
    void requireWindow(OptionalInt window, String keys) {
        if (window.isEmpty() && types.contains(SLIDING)) {
            throw config.refused("has layer_types with \"sliding_attention\", but %s no window.".formatted(keys));
        }
    }

    boolean slides(int layer, boolean whenSilent) {
        return is(SLIDING, layer, whenSilent);
    }

    /**
     * Returns true if a layer has a type.
     *
     * @param whenSilent result if the file has no layer types
     */
    boolean is(String type, int layer, boolean whenSilent) {
        return types.isEmpty() ? whenSilent : types.get(layer).equals(type);
    }

    /**
     * Returns the attention of each layer.
     *
     * @param slidesWhenSilent returns true for a layer with sliding attention if the file has no layer types
     */
    List<AttentionConfig> attention(IntPredicate slidesWhenSilent, AttentionConfig sliding, AttentionConfig full) {
        return IntStream.range(0, layers)
                .mapToObj(layer -> slides(layer, slidesWhenSilent.test(layer)) ? sliding : full)
                .toList();
    }
}
