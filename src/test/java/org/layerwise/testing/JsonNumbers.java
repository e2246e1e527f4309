package org.layerwise.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** Compares JSON whose numbers may differ in their last digits, as on another processor. */
public final class JsonNumbers {

    private JsonNumbers() {}

    /**
     * Requires two trees to have the same keys and values.
     *
     * @param tolerance of numbers, absolute for those below 1 and relative above
     * @param ignored keys on any level whose values may differ
     */
    public static void assertAlike(JsonNode actual, JsonNode expected, double tolerance, Set<String> ignored) {
        assertAlike("", actual, expected, tolerance, ignored);
    }

    private static void assertAlike(
            String path, JsonNode actual, JsonNode expected, double tolerance, Set<String> ignored) {
        if (expected.isObject()) {
            assertThat(names(actual)).as("keys of %s", path).isEqualTo(names(expected));
            for (String name : names(expected)) {
                if (!ignored.contains(name)) {
                    assertAlike(path + "/" + name, actual.get(name), expected.get(name), tolerance, ignored);
                }
            }
        } else if (expected.isArray()) {
            assertThat(actual.size()).as("length of %s", path).isEqualTo(expected.size());
            for (int i = 0; i < expected.size(); i++) {
                assertAlike(path + "/" + i, actual.get(i), expected.get(i), tolerance, ignored);
            }
        } else if (expected.isNumber()) {
            assertThat(actual.isNumber()).as("%s is a number", path).isTrue();
            assertThat(actual.doubleValue())
                    .as(path)
                    .isCloseTo(
                            expected.doubleValue(), within(tolerance * Math.max(1, Math.abs(expected.doubleValue()))));
        } else {
            assertThat(actual).as(path).isEqualTo(expected);
        }
    }

    /** The keys in alphabetical order, since the order of keys has no meaning in JSON. */
    private static SortedSet<String> names(JsonNode node) {
        SortedSet<String> names = new TreeSet<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
