package org.layerwise.gui.training;

import static org.layerwise.gui.text.Messages.text;

import java.util.List;
import java.util.stream.Stream;

/**
 * Fields of a form that belong together.
 *
 * @param key of its title in the texts
 * @param usual what most people look at
 * @param rare what is folded away
 */
public record Group(String key, List<Field<?>> usual, List<Field<?>> rare) {

    public Group {
        usual = List.copyOf(usual);
        rare = List.copyOf(rare);
    }

    /** What it is called. */
    String title() {
        return text("training.group." + key);
    }

    /** All of its fields. */
    public Stream<Field<?>> fields() {
        return Stream.concat(usual.stream(), rare.stream());
    }
}
