package org.layerwise.cli.option;

import java.util.List;
import org.layerwise.base.setting.Setting;
import org.layerwise.base.setting.SettingType;
import org.layerwise.base.setting.SettingValues;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Creates and reads the command-line flags of settings. */
public final class SettingFlags {

    private SettingFlags() {}

    /** Adds a flag for each setting to a command. */
    public static void add(CommandSpec command, List<Setting<?>> settings) {
        settings.forEach(setting -> command.addOption(flag(setting)));
    }

    private static OptionSpec flag(Setting<?> setting) {
        String description = setting.help() + choices(setting) + " Default: " + defaultText(setting) + ".";
        OptionSpec.Builder builder = OptionSpec.builder(setting.flag()).description(description.replace("%", "%%"));
        return setting.type().kind() == SettingType.Kind.FLAG
                ? builder.type(boolean.class).build()
                : builder.type(String.class)
                        .paramLabel(setting.type().label())
                        .arity("1")
                        .build();
    }

    /** Returns a sentence with the choices if the placeholder does not contain them, otherwise an empty text. */
    private static String choices(Setting<?> setting) {
        SettingType<?> type = setting.type();
        boolean named = type.kind() != SettingType.Kind.CHOICE || type.label().contains("|");
        return named ? "" : " O" + type.expected().substring(1) + ".";
    }

    private static String defaultText(Setting<?> setting) {
        return setting.type().kind() == SettingType.Kind.FLAG ? "off" : setting.defaultText();
    }

    /**
     * Returns the values of the flags that were given.
     *
     * @throws org.layerwise.base.UserException if a value is of another type or not allowed
     */
    public static SettingValues read(ParseResult flags, List<Setting<?>> settings) {
        SettingValues values = SettingValues.none();
        for (Setting<?> setting : settings) {
            if (flags.hasMatchedOption(setting.flag())) {
                values = with(values, setting, flags);
            }
        }
        return values;
    }

    private static <T> SettingValues with(SettingValues values, Setting<T> setting, ParseResult flags) {
        Object text = flags.matchedOptionValue(setting.flag(), "");
        return values.with(setting, setting.read(setting.flag(), text.toString()));
    }
}
