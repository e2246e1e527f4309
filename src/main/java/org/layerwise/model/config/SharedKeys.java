package org.layerwise.model.config;

import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * Layers whose keys and values later layers share (Gemma 4 E).
 *
 * @param sources layers that compute them, in increasing order, each with the width of its keys and values together
 */
public record SharedKeys(List<Source> sources) {

    /**
     * Layer whose keys and values later layers share.
     *
     * @param width width of all its keys and values together
     */
    public record Source(int layer, int width) {}

    static SharedKeys of(List<LayerConfig> layers) {
        return new SharedKeys(layers.stream()
                .map(LayerConfig::keysOf)
                .flatMapToInt(OptionalInt::stream)
                .distinct()
                .sorted()
                .mapToObj(source -> new Source(
                        source,
                        2
                                * Objects.requireNonNull(layers.get(source).attention())
                                        .keyValueWidth()))
                .toList());
    }

    /** Returns true if later layers share the keys and values of a layer. */
    public boolean isSource(int layer) {
        return sources.stream().anyMatch(source -> source.layer() == layer);
    }

    /** Returns the width of the keys and values of the sources before a layer, together. */
    public int widthBefore(int layer) {
        return sources.stream()
                .filter(source -> source.layer() < layer)
                .mapToInt(Source::width)
                .sum();
    }
}
