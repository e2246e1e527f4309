package org.layerwise.data.jinja;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Arguments of a call, a filter or a test.
 *
 * @param of the function's name, for messages
 * @param positional arguments by position
 * @param named arguments by name
 * @param budget budget of the rendering
 */
record Arguments(String of, List<Object> positional, Map<String, Object> named, RenderLimits budget) {

    /** Returns the argument at a position or with a name; the fallback if it is not given. */
    Object get(int place, String name, Object fallback) {
        Object given = find(place, name);
        return given == null ? fallback : given;
    }

    /** Returns an argument as {@link #get} does, but throws an exception if it is not given. */
    Object require(int place, String name) {
        Object given = find(place, name);
        if (given == null) {
            throw new TemplateException("%s needs %s".formatted(of, name));
        }
        return given;
    }

    @Nullable
    Object find(int place, String name) {
        return place < positional.size() ? positional.get(place) : named.get(name);
    }

    /** Makes sure that no other arguments are given than the function takes. */
    Arguments only(int places, String... names) {
        if (positional.size() > places) {
            throw new TemplateException("%s takes at most %s arguments".formatted(of, places));
        }
        for (String name : named.keySet()) {
            if (!List.of(names).contains(name)) {
                throw new TemplateException("%s does not take %s".formatted(of, name));
            }
        }
        return this;
    }

    /** Returns these arguments without the first positional argument. */
    Arguments rest() {
        return new Arguments(of, positional.subList(1, positional.size()), named, budget);
    }
}
