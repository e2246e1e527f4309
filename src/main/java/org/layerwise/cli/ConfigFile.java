package org.layerwise.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Spelling;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Yaml;
import org.layerwise.base.setting.Setting;
import org.layerwise.base.setting.YamlSettings;
import org.layerwise.cli.option.ExclusiveOptions;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Reads {@code --config FILE}: a YAML file whose keys are a command's flags without the leading dashes. The keys are
 * converted to flags, inserted before those of the command line, and parsed together with them. A key is ignored if its
 * flag, or a flag that excludes it, is given on the command line. A file for several commands has one section per
 * command, under the command's name. Top-level keys apply to every command that has such a flag.
 */
final class ConfigFile {

    static final String FLAG = "--config";

    private static final Set<String> NOT_KEYS = Set.of(FLAG, "--help", "-h");

    /**
     * Returns the arguments with the flags of the file inserted; unchanged if no file is named.
     *
     * @throws UserException if the file is missing or not YAML, or a key is unknown or of the wrong type
     */
    List<String> expand(CommandLine root, List<String> args) {
        CommandLine command = args.isEmpty() ? null : root.getSubcommands().get(args.get(0));
        Path file = command == null ? null : named(args);
        if (command == null || file == null) {
            return args;
        }
        Set<String> given = args.stream()
                .filter(arg -> arg.startsWith("--"))
                .map(arg -> arg.replaceFirst("=.*", ""))
                .collect(Collectors.toSet());
        List<ExclusiveOptions> rivals = ((LayerwiseCommand) command.getCommand()).rivals();
        List<String> expanded = new ArrayList<>();
        expanded.add(args.get(0));
        read(file, root, command.getCommandSpec()).forEach((flag, values) -> {
            boolean overruled =
                    given.contains(flag) || rivals.stream().anyMatch(rival -> rival.isExcluded(flag, given::contains));
            if (!overruled) {
                values.forEach(value -> expanded.add(flag + "=" + value));
            }
        });
        expanded.addAll(args.subList(1, args.size()));
        return expanded;
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

    private static Map<String, List<String>> read(Path file, CommandLine root, CommandSpec command) {
        ObjectNode tree = Yaml.read(file);
        List<CommandSpec> sections = sections(tree, root);
        Map<String, List<String>> flags = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : tree.properties()) {
            boolean section = sections.stream().anyMatch(of -> of.name().equals(entry.getKey()));
            if (!section && !elsewhere(entry.getKey(), command, sections)) {
                put(flags, file, command, entry);
            }
        }
        if (tree.get(command.name()) instanceof ObjectNode own) {
            own.properties().forEach(entry -> put(flags, file, command, entry));
        }
        return flags;
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
            Map<String, List<String>> flags, Path file, CommandSpec command, Map.Entry<String, JsonNode> entry) {
        JsonNode value = entry.getValue();
        if (value.isNull() || value.isValueNode() && value.asText().isEmpty()) {
            return; // a key without a value
        }
        OptionSpec option = option(file, command, entry.getKey());
        Optional<Setting<?>> setting = setting(command, entry.getKey());
        if (setting.isPresent()) {
            flags.put(option.longestName(), List.of(text(file, setting.get(), value)));
            return;
        }
        List<String> texts = new ArrayList<>();
        // a flag that may be given several times
        if (value.isArray() && option.isMultiValue() && !option.paramLabel().contains(",")) {
            value.forEach(item -> texts.add(text(file, entry.getKey(), option, item)));
        } else {
            texts.add(text(file, entry.getKey(), option, value));
        }
        flags.put(option.longestName(), texts);
    }

    private static Optional<Setting<?>> setting(CommandSpec command, String key) {
        List<Setting<?>> offered = command.userObject() instanceof LayerwiseCommand own ? own.offered() : List.of();
        for (Setting<?> setting : offered) {
            if (setting.name().equals(key)) {
                return Optional.of(setting);
            }
        }
        return Optional.empty();
    }

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

    /**
     * Returns the value as it is written on the command line.
     *
     * @throws UserException if the value is not allowed
     */
    private static <T> String text(Path file, Setting<T> setting, JsonNode value) {
        T read = setting.read(YamlSettings.name(file, setting.name()), YamlSettings.text(file, setting, value));
        return setting.write(read);
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
