package org.layerwise.study;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.model.ModulePattern;

/** Ranks and alphas of single modules as people write them: {@code name=value}, with commas between. */
public final class ModulePatterns {

    private ModulePatterns() {}

    /**
     * Ranks by module.
     *
     * @param source the flag or key, for messages
     * @throws UserException if one is not written so, or is below 1
     */
    public static Map<String, Integer> ranks(String source, List<String> items) {
        return read(source, items, "a whole number of at least 1", text -> {
            int rank = Integer.parseInt(text);
            return rank < 1 ? null : rank;
        });
    }

    /**
     * Alphas by module.
     *
     * @param source the flag or key, for messages
     * @throws UserException if one is not written so, or is not above 0
     */
    public static Map<String, Double> alphas(String source, List<String> items) {
        return read(source, items, "a number above 0", text -> {
            double alpha = Double.parseDouble(text);
            return alpha > 0 && Double.isFinite(alpha) ? alpha : null;
        });
    }

    /** The same as a text. */
    public static String text(Map<String, ? extends Number> patterns) {
        return patterns.entrySet().stream()
                .map(entry ->
                        entry.getKey() + "=" + Prose.number(entry.getValue().doubleValue()))
                .collect(Collectors.joining(","));
    }

    private static <N extends Number> Map<String, N> read(
            String source, List<String> items, String expected, Function<String, @Nullable N> number) {
        Map<String, N> patterns = new LinkedHashMap<>();
        for (String item : items) {
            int equals = item.lastIndexOf('=');
            N value = null;
            if (equals > 0) {
                requirePattern(source, item.substring(0, equals).strip());
                try {
                    value = number.apply(item.substring(equals + 1).strip());
                } catch (NumberFormatException e) {
                    throw wrong(source, item, expected);
                }
            }
            if (value == null) {
                throw wrong(source, item, expected);
            }
            patterns.put(item.substring(0, equals).strip(), value);
        }
        return Collections.unmodifiableMap(patterns);
    }

    private static void requirePattern(String source, String name) {
        try {
            ModulePattern.of(name);
        } catch (UserException e) {
            throw new UserException("%s: %s".formatted(source, e.getMessage()), e);
        }
    }

    private static UserException wrong(String source, String item, String expected) {
        return new UserException("%s: \"%s\" is no NAME=VALUE with %s; write for example query=4,value=8."
                .formatted(source, item, expected));
    }
}
