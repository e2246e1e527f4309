package org.layerwise.gui.training;

import java.util.List;
import java.util.stream.Stream;

/**
 * Fields of a form that belong together.
 *
 * @param key identifies it in ids of nodes
 * @param title heading
 * @param usual what most people look at
 * @param rare what is folded away
 */
public record Group(String key, String title, List<Field<?>> usual, List<Field<?>> rare) {

    public Group {
        usual = List.copyOf(usual);
        rare = List.copyOf(rare);
    }

    /** All of its fields. */
    public Stream<Field<?>> fields() {
        return Stream.concat(usual.stream(), rare.stream());
    }
}
