package org.layerwise.data.jinja;

import java.util.LinkedHashMap;
import java.util.Map;

/** Object of {@code namespace()}, which loops can write to and whose values remain after a loop. */
final class Namespace {

    private final Map<String, Object> values = new LinkedHashMap<>();

    Object get(String name) {
        Object value = values.get(name);
        return value == null ? new Undefined("'%s' of a namespace".formatted(name)) : value;
    }

    void set(String name, Object value) {
        values.put(name, value);
    }
}
