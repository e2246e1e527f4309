package org.layerwise.settings;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.setting.CommaList;
import org.layerwise.base.setting.YamlSettings;

/** Typed values of a file's keys; null for a missing key. The message of every refusal names the file and the key. */
record ConfigurationReader(Path file, Map<String, JsonNode> values) {

    /** Check of a number whose message uses the given name, like the checks of {@link org.layerwise.base.Limits}. */
    interface Check<N> {
        void accept(String name, @Nullable N value);
    }

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
    List<String> names(String key) {
        String list = list(key);
        if (list == null) {
            return null;
        }
        List<String> names = CommaList.split(list);
        if (names.stream().anyMatch(String::isEmpty)) {
            throw new UserException(
                    "%s has an empty name; write NAME or NAME,NAME.".formatted(YamlSettings.name(file, key)));
        }
        return names;
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

    @Nullable
    Double number(String key, Check<Double> check) {
        JsonNode value = values.get(key);
        if (value == null) {
            return null;
        }
        ToDoubleFunction<String> read = Double::parseDouble;
        Double number = read.applyAsDouble(YamlSettings.number(file, key, value));
        check.accept(YamlSettings.name(file, key), number);
        return number;
    }

    /** Returns true if a switch is on; false if it is off or the key is missing. */
    boolean flag(String key) {
        JsonNode value = values.get(key);
        return value != null && Boolean.parseBoolean(YamlSettings.flag(file, key, value));
    }

    <E extends Enum<E>> @Nullable E choice(String key, Class<E> type, Function<E, String> word) {
        String text = text(key);
        return text == null ? null : choice(key, text, type, word);
    }

    <E extends Enum<E>> @Nullable List<E> choices(String key, Class<E> type, Function<E, String> word) {
        List<String> names = names(key);
        return names == null
                ? null
                : names.stream().map(name -> choice(key, name, type, word)).toList();
    }

    private <E extends Enum<E>> E choice(String key, String text, Class<E> type, Function<E, String> word) {
        List<E> all = Arrays.asList(type.getEnumConstants());
        return all.stream()
                .filter(one -> word.apply(one).equals(text))
                .findFirst()
                .orElseThrow(() -> new UserException("%s must be one of %s, but is \"%s\"."
                        .formatted(
                                YamlSettings.name(file, key),
                                String.join(", ", all.stream().map(word).toList()),
                                text)));
    }
}
