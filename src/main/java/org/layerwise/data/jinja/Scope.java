package org.layerwise.data.jinja;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names and their values. The names that a loop, macro or block sets end with it. */
final class Scope {

    private final @Nullable Scope outer;
    private final RenderLimits budget;
    private final Map<String, Object> values = new HashMap<>();

    /** Creates the outermost scope. */
    Scope(RenderLimits budget) {
        this(null, budget);
    }

    private Scope(@Nullable Scope outer, RenderLimits budget) {
        this.outer = outer;
        this.budget = budget;
    }

    Scope inner() {
        return new Scope(this, budget);
    }

    void set(String name, Object value) {
        values.put(name, value);
    }

    Object get(String name) {
        for (Scope scope = this; scope != null; scope = scope.outer) {
            Object value = scope.values.get(name);
            if (value != null) {
                return value;
            }
        }
        return new Undefined("'%s'".formatted(name));
    }

    /** Returns the number of loops around this scope. */
    int loops() {
        int loops = 0;
        for (Scope scope = this; scope != null; scope = scope.outer) {
            loops += scope.values.get("loop") instanceof Loop ? 1 : 0;
        }
        return loops;
    }

    RenderLimits budget() {
        return budget;
    }
}
