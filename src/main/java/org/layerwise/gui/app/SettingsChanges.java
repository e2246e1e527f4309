package org.layerwise.gui.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * Changes of one window to its settings since it last read or wrote them. The changes are merged into the settings in
 * the file, so that changes of another window are kept. Objects are merged key by key. Lists of texts (recent folders,
 * runs to follow) are merged by added and removed entries. Any other value is replaced.
 *
 * @param before settings that this window last read or wrote
 * @param now current settings of this window
 */
record SettingsChanges(ObjectNode before, ObjectNode now) {

    static SettingsChanges between(ObjectNode before, ObjectNode now) {
        return new SettingsChanges(before, now);
    }

    /**
     * Returns the settings of the file merged with these changes.
     *
     * @param there settings in the file
     */
    ObjectNode in(ObjectNode there) {
        ObjectNode merged = there.deepCopy();
        for (Map.Entry<String, JsonNode> mine : now.properties()) {
            String key = mine.getKey();
            JsonNode was = before.path(key);
            if (!mine.getValue().equals(was)) {
                merged.set(key, value(was, mine.getValue(), there.path(key)));
            }
        }
        before.fieldNames().forEachRemaining(key -> {
            if (!now.has(key)) {
                merged.remove(key);
            }
        });
        return merged;
    }

    private static JsonNode value(JsonNode was, JsonNode mine, JsonNode theirs) {
        if (mine instanceof ObjectNode object && theirs instanceof ObjectNode other) {
            ObjectNode old = was instanceof ObjectNode known ? known : object.objectNode();
            return between(old, object).in(other);
        }
        if (mine instanceof ArrayNode list && theirs instanceof ArrayNode others && texts(list) && texts(others)) {
            return list(was, list, others);
        }
        return mine;
    }

    /**
     * Merges two lists: first the entries of this window, then the entries that only the file has, without the entries
     * that this window removed.
     */
    private static ArrayNode list(JsonNode was, ArrayNode mine, ArrayNode theirs) {
        ArrayNode merged = mine.arrayNode();
        for (JsonNode one : mine) {
            if (!contains(was, one) || contains(theirs, one)) {
                merged.add(one);
            }
        }
        for (JsonNode one : theirs) {
            if (!contains(was, one) && !contains(mine, one)) {
                merged.add(one);
            }
        }
        return merged;
    }

    private static boolean texts(ArrayNode list) {
        return StreamSupport.stream(list.spliterator(), false).allMatch(JsonNode::isTextual);
    }

    private static boolean contains(JsonNode list, JsonNode one) {
        return StreamSupport.stream(list.spliterator(), false).anyMatch(one::equals);
    }
}
