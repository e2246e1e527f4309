package org.layerwise.data;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Indices of classes by their names.
 *
 * @param exact indices by the names as they are
 * @param anySpelling indices by the names in plain spelling; empty if names must be spelled as they are
 */
record ClassIndices(Map<String, Integer> exact, Map<String, Integer> anySpelling) {

    /** Blanks, underscores and hyphens between letters, which may have combining marks. */
    private static final Pattern SEPARATORS = Pattern.compile("(?<=[\\p{L}\\p{M}])[\\s_\\-\\u2010\\u2011]+(?=\\p{L})");

    /** Returns the indices of names that must be spelled as in the list. */
    static ClassIndices of(List<String> names) {
        return new ClassIndices(byName(names), Map.of());
    }

    /**
     * Returns the indices of names that may differ in case and in blanks, underscores and hyphens between letters, such
     * as NOT-ENTAILMENT and not_entailment, unless two names of one list differ in nothing else. All other signs count,
     * as in C, C# and C++.
     *
     * @param others all names that will be looked up
     */
    static ClassIndices ofAnySpelling(List<String> names, List<String> others) {
        List<String> plain = plain(names);
        return new ClassIndices(byName(names), distinct(plain) && distinct(plain(others)) ? byName(plain) : Map.of());
    }

    /** Returns the index of a class; null if there is none with this name. */
    @Nullable
    Integer get(String name) {
        Integer index = exact.get(name);
        return index == null ? anySpelling.get(plain(name)) : index;
    }

    private static Map<String, Integer> byName(List<String> names) {
        Map<String, Integer> indices = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            indices.putIfAbsent(names.get(i), i);
        }
        return indices;
    }

    private static boolean distinct(List<String> names) {
        return new HashSet<>(names).size() == names.size();
    }

    private static List<String> plain(List<String> names) {
        return names.stream().map(ClassIndices::plain).toList();
    }

    private static String plain(String name) {
        return SEPARATORS.matcher(name.toLowerCase(Locale.ROOT)).replaceAll("");
    }
}
