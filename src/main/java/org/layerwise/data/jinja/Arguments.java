package org.layerwise.data.jinja;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a call, a filter or a test is given.
 *
 * @param of the function's name, for messages
 * @param positional by place
 * @param named by name
 * @param budget of the rendering
 */
record Arguments(String of, List<Object> positional, Map<String, Object> named, Budget budget) {

    /** By place or by name; the fallback where it is not given. */
    Object get(int place, String name, Object fallback) {
        Object given = find(place, name);
        return given == null ? fallback : given;
    }

    /** As {@link #get}, but it must be given. */
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

    /** Makes sure that nothing is given that nobody would look at. */
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

    /** All but the first by place. */
    Arguments rest() {
        return new Arguments(of, positional.subList(1, positional.size()), named, budget);
    }
}
