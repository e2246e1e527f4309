package org.layerwise.settings;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.setting.YamlSettings;

/** Typed values of a file's keys; null for a missing key. The message of every refusal names the file and the key. */
record ConfigurationReader(Path file, Map<String, JsonNode> values) {

    @Nullable
    String text(String key) {
        JsonNode value = values.get(key);
        return value == null ? null : YamlSettings.text(file, key, value);
    }

    /** Returns a list as text with commas between the items; null for a missing key. */
    @Nullable
    String list(String key) {
        JsonNode value = values.get(key);
        return value == null ? null : YamlSettings.list(file, key, value);
    }

    @Nullable
    Path path(String key) {
        String text = text(key);
        try {
            return text == null ? null : Path.of(text);
        } catch (InvalidPathException e) {
            throw new UserException(
                    "%s holds \"%s\", which is not a possible file name.".formatted(YamlSettings.name(file, key), text),
                    e);
        }
    }

    @Nullable
    Integer whole(String key, int least) {
        Long value = whole(key);
        if (value == null) {
            return null;
        }
        if (value < least) {
            throw new UserException(
                    "%s must be at least %s, but is %s.".formatted(YamlSettings.name(file, key), least, value));
        }
        if (value > Integer.MAX_VALUE) {
            throw new UserException("%s is too large: %s.".formatted(YamlSettings.name(file, key), value));
        }
        return value.intValue();
    }

    @Nullable
    Long whole(String key) {
        JsonNode value = values.get(key);
        if (value == null) {
            return null;
        }
        String digits = YamlSettings.whole(file, key, value);
        try {
            return Long.valueOf(digits);
        } catch (NumberFormatException e) {
            throw new UserException("%s is too large: %s.".formatted(YamlSettings.name(file, key), digits), e);
        }
    }

    /** Returns true if a switch is on; false if it is off or the key is missing. */
    boolean flag(String key) {
        JsonNode value = values.get(key);
        return value != null && Boolean.parseBoolean(YamlSettings.flag(file, key, value));
    }
}
