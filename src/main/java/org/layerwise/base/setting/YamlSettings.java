package org.layerwise.base.setting;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import org.layerwise.base.UserException;

/** Reads settings from the keys of a YAML file. */
public final class YamlSettings {

    private YamlSettings() {}

    /**
     * Returns the values of settings that a file contains.
     *
     * @param file file to name in errors
     * @param values values of the file by key; keys other than those of the settings are ignored
     * @throws UserException if a value is of another type or not allowed; the message names file and key
     */
    public static SettingValues read(
            Path file, Map<String, JsonNode> values, Collection<? extends Setting<?>> settings) {
        SettingValues read = SettingValues.none();
        for (Setting<?> setting : settings) {
            JsonNode value = values.get(setting.name());
            if (value != null) {
                read = with(read, setting, file, value);
            }
        }
        return read;
    }

    private static <T> SettingValues with(SettingValues read, Setting<T> setting, Path file, JsonNode value) {
        String shown = YamlValues.name(file, setting.name());
        return read.with(setting, setting.read(shown, text(file, setting, value)));
    }

    /**
     * Returns the value of a key as the text that the setting's flag would have.
     *
     * @throws UserException if the value is of another type; the message names file and key
     */
    public static String text(Path file, Setting<?> setting, JsonNode value) {
        return switch (setting.type().kind()) {
            case FLAG -> YamlValues.flag(file, setting.name(), value);
            case WHOLE, NUMBER ->
                YamlValues.scalar(file, setting.name(), setting.type().expected(), value);
            case LIST -> YamlValues.list(file, setting.name(), value);
            case TEXT, CHOICE, FILE, FOLDER -> YamlValues.text(file, setting.name(), value);
        };
    }
}
