package org.layerwise.gui.shell;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * The changes of one window to its settings since it read or wrote them. They are put into the settings as they are in the file, so
 * that changes of another window stay: of objects each key by itself, of lists of texts (recent folders, runs that are followed) what
 * was added and what was removed, of everything else the new value.
 *
 * @param before as this window read or wrote them last
 * @param now as this window has them
 */
record SettingsChanges(ObjectNode before, ObjectNode now) {

    static SettingsChanges between(ObjectNode before, ObjectNode now) {
        return new SettingsChanges(before, now);
    }

    /** The settings in a file with these changes. */
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

    /** Merges two lists: entries of this window first, then those that only the others have, without those that this window removed. */
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
