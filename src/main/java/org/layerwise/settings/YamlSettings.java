package org.layerwise.settings;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import org.layerwise.base.UserException;

/** Reads settings from the keys of a YAML file. */
public final class YamlSettings {

    private YamlSettings() {}

    /**
     * Returns the values of some settings that a file gives.
     *
     * @param file is named in refusals
     * @param values of the file by key; other keys than those of the settings are passed over
     * @throws UserException if a value is of another type or not allowed; the sentence names file and key
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
     * Returns the value of a key as the text that a flag would have.
     *
     * @throws UserException if it is of another type; the sentence names file and key
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
