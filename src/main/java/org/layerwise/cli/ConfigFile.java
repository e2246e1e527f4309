package org.layerwise.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Spelling;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Yaml;
import org.layerwise.base.setting.Setting;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.base.setting.YamlSettings;
import org.layerwise.cli.option.ExclusiveOptions;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Command line with the contents of its {@code --config FILE}: a YAML file whose keys are a command's flags without the
 * leading dashes. Keys of settings become values. Other keys become flags, which are inserted before those of the
 * command line and parsed together with them. A key is ignored if its flag, or a flag that excludes it, is given on the
 * command line. A file for several commands has one section per command, under the command's name. Top-level keys apply
 * to every command that has such a flag.
 *
 * @param args arguments with the flags of the file
 * @param settings values of the file for the settings of the command
 */
record ConfigFile(List<String> args, SettingValues settings) {

    static final String FLAG = "--config";

    private static final Set<String> NOT_KEYS = Set.of(FLAG, "--help", "-h");

    /**
     * Reads the file that the arguments name. Without a file, the arguments are unchanged and there are no settings.
     *
     * @throws UserException if the file is missing or not YAML, or a key is unknown or of the wrong type
     */
    static ConfigFile read(CommandLine root, List<String> args) {
        CommandLine command = args.isEmpty() ? null : root.getSubcommands().get(args.get(0));
        Path file = command == null ? null : named(args);
        if (command == null || file == null) {
            return new ConfigFile(args, SettingValues.none());
        }
        LayerwiseCommand own = command.getCommand();
        CommandSpec spec = command.getCommandSpec();
        Predicate<String> overruled = overruled(args, own.rivals());
        SettingValues settings = SettingValues.none();
        Map<String, List<String>> flags = new LinkedHashMap<>();
        for (Map<String, JsonNode> keys : keys(file, root, spec)) { // also checks a key that is ignored
            settings = settings.and(YamlSettings.read(file, keys, own.offered()));
            own.offered().forEach(setting -> keys.remove(setting.name()));
            keys.forEach((key, value) -> {
                OptionSpec option = option(file, spec, key);
                flags.put(option.longestName(), texts(file, key, option, value));
            });
        }
        for (Setting<?> setting : own.offered()) {
            if (overruled.test(setting.flag())) {
                settings = settings.without(setting);
            }
        }
        flags.keySet().removeIf(overruled);
        List<String> expanded = new ArrayList<>();
        expanded.add(args.get(0));
        flags.forEach((flag, texts) -> texts.forEach(text -> expanded.add(flag + "=" + text)));
        expanded.addAll(args.subList(1, args.size()));
        return new ConfigFile(expanded, settings);
    }

    /** Returns a test that is true for a flag that is given on the command line or excluded by such a flag. */
    private static Predicate<String> overruled(List<String> args, List<ExclusiveOptions> rivals) {
        Set<String> given = args.stream()
                .filter(arg -> arg.startsWith("--"))
                .map(arg -> arg.split("=", 2)[0])
                .collect(Collectors.toSet());
        return flag ->
                given.contains(flag) || rivals.stream().anyMatch(rival -> rival.isExcluded(flag, given::contains));
    }

    private static @Nullable Path named(List<String> args) {
        for (int i = 1; i < args.size(); i++) {
            String arg = args.get(i);
            if (arg.startsWith(FLAG + "=")) {
                return path(arg.substring(FLAG.length() + 1));
            }
            if (arg.equals(FLAG) && i + 1 < args.size()) {
                return path(args.get(i + 1));
            }
        }
        return null;
    }

    /** Returns the file; null for an empty name, which is refused later like all empty values. */
    private static @Nullable Path path(String name) {
        return name.isBlank() ? null : Path.of(name);
    }

    /** Returns the values of the top level for a command, by key, and then those of the command's section, which win. */
    private static List<Map<String, JsonNode>> keys(Path file, CommandLine root, CommandSpec command) {
        ObjectNode tree = Yaml.read(file);
        List<CommandSpec> sections = sections(tree, root);
        Map<String, JsonNode> above = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : tree.properties()) {
            boolean section = sections.stream().anyMatch(of -> of.name().equals(entry.getKey()));
            if (!section && !elsewhere(entry.getKey(), command, sections)) {
                put(above, file, command, entry);
            }
        }
        Map<String, JsonNode> within = new LinkedHashMap<>();
        if (tree.get(command.name()) instanceof ObjectNode own) {
            own.properties().forEach(entry -> put(within, file, command, entry));
        }
        return List.of(above, within);
    }

    /** Returns the commands that have a section in the file. */
    private static List<CommandSpec> sections(ObjectNode tree, CommandLine root) {
        return root.getSubcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .filter(of -> tree.get(of.name()) instanceof ObjectNode)
                .toList();
    }

    /** Returns true if a top-level key is a flag of other commands only. */
    private static boolean elsewhere(String key, CommandSpec command, List<CommandSpec> sections) {
        return command.findOption("--" + key) == null
                && sections.stream().anyMatch(of -> of.findOption("--" + key) != null);
    }

    private static void put(
            Map<String, JsonNode> keys, Path file, CommandSpec command, Map.Entry<String, JsonNode> entry) {
        JsonNode value = entry.getValue();
        boolean empty = value.isNull() || value.isValueNode() && value.asText().isEmpty();
        if (!empty) {
            option(file, command, entry.getKey());
            keys.put(entry.getKey(), value);
        }
    }

    /**
     * Returns the flag of a key.
     *
     * @throws UserException if there is none
     */
    private static OptionSpec option(Path file, CommandSpec command, String key) {
        OptionSpec option = command.findOption("--" + key);
        if (option != null && !NOT_KEYS.contains(option.longestName())) {
            return option;
        }
        Set<String> known = command.options().stream()
                .map(OptionSpec::longestName)
                .filter(name -> !NOT_KEYS.contains(name))
                .map(name -> name.substring(2))
                .collect(Collectors.toCollection(TreeSet::new));
        String wayOut = Spelling.nearest(key, known)
                .map("the nearest one is \"%s\""::formatted)
                .orElse("remove it, or see layerwise %s --help".formatted(command.name()));
        throw new UserException(
                "%s has the key \"%s\", which is no flag of %s; %s.".formatted(file, key, command.name(), wayOut));
    }

    /** Returns the values of a flag as they are written on the command line. */
    private static List<String> texts(Path file, String key, OptionSpec option, JsonNode value) {
        List<String> texts = new ArrayList<>();
        // a flag that may be given several times
        if (value.isArray() && option.isMultiValue() && !option.paramLabel().contains(",")) {
            value.forEach(item -> texts.add(text(file, key, option, item)));
        } else {
            texts.add(text(file, key, option, value));
        }
        return texts;
    }

    private static String text(Path file, String key, OptionSpec option, JsonNode value) {
        Class<?> type = option.auxiliaryTypes()[0];
        if (option.paramLabel().contains(",")) {
            return YamlSettings.list(file, key, value);
        }
        if (type == Integer.class || type == Long.class) {
            return YamlSettings.whole(file, key, value);
        }
        if (type == Double.class) {
            return YamlSettings.number(file, key, value);
        }
        return type == boolean.class ? YamlSettings.flag(file, key, value) : YamlSettings.text(file, key, value);
    }
}
