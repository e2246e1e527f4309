package org.layerwise.cli;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.CharConversionException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Spelling;
import org.layerwise.base.UserException;
import org.layerwise.base.WholeFiles;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * {@code --config FILE}: a YAML file whose keys are a command's flags without dashes in front. It is turned into flags,
 * put before those of the command line, and parsed with them; a key whose flag, or a rival of it, stands on the command
 * line is passed over.
 */
final class ConfigFile {

    static final String FLAG = "--config";

    private static final Set<String> NOT_KEYS = Set.of(FLAG, "--help", "-h");

    /** How SnakeYAML tells of bytes that are no UTF-8, and of control characters. */
    private static final Pattern SAYS_NO_TEXT = Pattern.compile("CharConversionException|special characters");

    private final YAMLMapper yaml = YAMLMapper.builder(YAMLFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .build();

    /**
     * The arguments with the file's flags in them; as they were if no file is named.
     *
     * @throws UserException if the file is missing or no YAML, or a key is unknown or of the wrong type
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
        List<Rivals> rivals = ((LayerwiseCommand) command.getCommand()).rivals();
        List<String> expanded = new ArrayList<>();
        expanded.add(args.get(0));
        read(file, command.getCommandSpec()).forEach((flag, value) -> {
            boolean overruled =
                    given.contains(flag) || rivals.stream().anyMatch(rival -> rival.shutOut(flag, given::contains));
            if (!overruled) {
                expanded.add(flag + "=" + value);
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

    /** Null for an empty name, which is refused with all other empty values. */
    private static @Nullable Path path(String name) {
        return name.isBlank() ? null : Path.of(name);
    }

    private Map<String, String> read(Path file, CommandSpec command) {
        Map<String, String> flags = new LinkedHashMap<>();
        tree(file).properties().forEach(entry -> {
            boolean empty =
                    entry.getValue().isValueNode() && entry.getValue().asText().isEmpty();
            if (empty || entry.getValue().isNull()) {
                return; // "key:" with nothing behind it
            }
            OptionSpec option = option(file, command, entry.getKey());
            flags.put(option.longestName(), text(file, entry.getKey(), option, entry.getValue()));
        });
        return flags;
    }

    private JsonNode tree(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new UserException("There is no file %s (%s).".formatted(file, FLAG));
        }
        try {
            requireDecimals(file);
            JsonNode tree = yaml.reader()
                    .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .readTree(Files.readAllBytes(file));
            if (tree == null || tree.isMissingNode() || tree.isNull()) {
                return yaml.createObjectNode();
            }
            if (!tree.isObject()) {
                throw new UserException(
                        "%s is not a list of settings; write one \"key: value\" a line.".formatted(file));
            }
            return tree;
        } catch (CharConversionException e) {
            throw noText(file, e);
        } catch (MismatchedInputException e) {
            throw new UserException(
                    "%s holds more than one document; end the settings before the second \"---\".".formatted(file), e);
        } catch (JsonProcessingException e) {
            if (SAYS_NO_TEXT.matcher(e.getOriginalMessage()).find()) {
                throw noText(file, e);
            }
            String what = e.getOriginalMessage().lines().findFirst().orElse("it cannot be read");
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            throw new UserException("%s is not valid YAML: %s (line %d).".formatted(file, what, line), e);
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(file, WholeFiles.reason(e)), e);
        }
    }

    private static UserException noText(Path file, IOException e) {
        return new UserException("%s is not text, so it cannot be YAML; name a YAML file.".formatted(file), e);
    }

    /** YAML reads 010 as 8 and 1:30 as 90, which nobody means here. */
    private void requireDecimals(Path file) throws IOException {
        try (JsonParser parser = yaml.createParser(Files.readAllBytes(file))) {
            while (parser.nextToken() != null) {
                if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                        && !parser.getText().matches("[+-]?(0|[1-9][0-9]*)")) {
                    throw new UserException(
                            "%s: \"%s\" is %s; write a whole number in plain decimals, without leading zeros, or a text in quotes."
                                    .formatted(file, parser.currentName(), parser.getText()));
                }
            }
        }
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

    private static String text(Path file, String key, OptionSpec option, JsonNode value) {
        if (value.isArray()) {
            return list(file, key, option, value);
        }
        Class<?> type = option.auxiliaryTypes()[0];
        String text = value.asText();
        if (type == Integer.class || type == Long.class) {
            return whole(file, key, value, text);
        }
        if (type == Double.class) {
            return number(file, key, value, text);
        }
        if (type == boolean.class) {
            return flag(file, key, value);
        }
        if (value.isObject() || value.isBoolean() || value.isBinary()) {
            throw wrong(file, key, "a text", value);
        }
        return text;
    }

    private static String flag(Path file, String key, JsonNode value) {
        if (!value.isBoolean()) {
            throw wrong(file, key, "true or false", value);
        }
        return value.asText();
    }

    private static String list(Path file, String key, OptionSpec option, JsonNode value) {
        boolean takesList = option.paramLabel().contains(",");
        for (JsonNode item : value) {
            if (!takesList || !item.isTextual() && !item.isNumber()) {
                throw wrong(file, key, takesList ? "a list of names or numbers" : "a single value", value);
            }
        }
        List<String> items = new ArrayList<>();
        value.forEach(item -> items.add(item.asText()));
        return String.join(",", items);
    }

    private static String whole(Path file, String key, JsonNode value, String text) {
        if (value.isIntegralNumber() || value.isTextual() && text.matches("[+-]?\\d+")) {
            return text;
        }
        throw wrong(file, key, "a whole number", value);
    }

    /** YAML takes 1e-3 for a text: it wants a point in it. */
    private static String number(Path file, String key, JsonNode value, String text) {
        if (value.isNumber()) {
            return text;
        }
        try {
            if (value.isTextual()) {
                return new BigDecimal(text).toString();
            }
        } catch (NumberFormatException e) {
            throw wrong(file, key, "a number", value);
        }
        throw wrong(file, key, "a number", value);
    }

    private static UserException wrong(Path file, String key, String expected, JsonNode value) {
        return new UserException("%s: \"%s\" must be %s, but is %s."
                .formatted(file, key, expected, value.isTextual() ? "\"" + value.asText() + "\"" : value));
    }
}
