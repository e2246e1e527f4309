package org.layerwise.data.jinja;

import java.util.LinkedHashMap;
import java.util.Map;

/** {@code namespace()}: what loops write to and what comes after them can see. */
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
