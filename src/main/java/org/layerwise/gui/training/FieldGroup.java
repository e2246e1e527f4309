package org.layerwise.gui.training;

import java.util.List;
import java.util.stream.Stream;

/**
 * A group of related fields in a form.
 *
 * @param key identifier in the ids of nodes
 * @param title heading
 * @param usual fields that are always visible
 * @param rare advanced fields, hidden until the user unfolds them
 */
public record FieldGroup(String key, String title, List<Field<?>> usual, List<Field<?>> rare) {

    public FieldGroup {
        usual = List.copyOf(usual);
        rare = List.copyOf(rare);
    }

    /** Returns all fields of the group. */
    public Stream<Field<?>> fields() {
        return Stream.concat(usual.stream(), rare.stream());
    }
}
