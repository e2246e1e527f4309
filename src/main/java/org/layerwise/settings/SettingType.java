package org.layerwise.settings;

import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.layerwise.base.Decimals;

/**
 * Type of a setting's values: how text becomes a value, and a value text.
 *
 * @param <T> Java type of the values
 * @param kind shape of the values, by which editors and parsers of files are chosen
 * @param label placeholder in a synopsis, such as {@code N}
 * @param expected noun phrase that follows "must be", such as {@code a whole number}
 * @param parse reads text; throws IllegalArgumentException for anything else
 * @param format writes a value as text, a number or a Boolean, which {@code parse} reads back
 * @param choices all values of a choice, in order; empty for other types
 */
public record SettingType<T>(
        Kind kind,
        String label,
        String expected,
        Function<String, T> parse,
        Function<T, Object> format,
        List<T> choices) {

    /** Shapes of values. */
    public enum Kind {
        /** On or off. */
        FLAG,
        /** Whole number. */
        WHOLE,
        /** Number with or without a fraction. */
        NUMBER,
        /** Text. */
        TEXT,
        /** One of several words. */
        CHOICE,
        /** Names or numbers with commas between. */
        LIST,
        /** Path of a file. */
        FILE,
        /** Path of a folder. */
        FOLDER
    }

    /** Whole numbers that an {@code int} holds. */
    public static final SettingType<Integer> WHOLE =
            of(Kind.WHOLE, "N", "a whole number", Integer::valueOf, value -> value);

    /** Whole numbers that a {@code long} holds. */
    public static final SettingType<Long> LONG = of(Kind.WHOLE, "N", "a whole number", Long::valueOf, value -> value);

    /** Numbers, written without loss. */
    public static final SettingType<Double> NUMBER =
            of(Kind.NUMBER, "X", "a number", SettingType::number, SettingType::written);

    /** On or off. */
    public static final SettingType<Boolean> FLAG =
            of(Kind.FLAG, "", "true or false", SettingType::yesOrNo, value -> value);

    /** Text as it is. */
    public static final SettingType<String> TEXT = of(Kind.TEXT, "TEXT", "a text", text -> text, value -> value);

    /** Names with commas between; none of them empty. */
    public static final SettingType<List<String>> NAMES =
            of(Kind.LIST, "NAME[,NAME...]", "NAME or NAME,NAME", SettingType::names, names -> String.join(",", names));

    /** Path of a file. */
    public static final SettingType<Path> FILE = of(Kind.FILE, "FILE", "a file", SettingType::path, Path::toString);

    /** Path of a folder. */
    public static final SettingType<Path> FOLDER =
            of(Kind.FOLDER, "DIR", "a folder", SettingType::path, Path::toString);

    private static final double LARGEST_WHOLE = 1e9;

    public SettingType {
        choices = List.copyOf(choices);
    }

    /** Returns a type without choices. */
    public static <T> SettingType<T> of(
            Kind kind, String label, String expected, Function<String, T> parse, Function<T, Object> format) {
        return new SettingType<>(kind, label, expected, parse, format, List.of());
    }

    /**
     * Returns the constants of an enum.
     *
     * @param word name of a constant for people
     */
    public static <E extends Enum<E>> SettingType<E> choice(Class<E> type, Function<E, String> word) {
        List<E> all = Arrays.asList(type.getEnumConstants());
        String words = all.stream().map(word).collect(Collectors.joining(", "));
        return new SettingType<>(
                Kind.CHOICE,
                words.replace(", ", "|"),
                "one of " + words,
                text -> constant(all, word, text),
                word::apply,
                all);
    }

    /** Returns lists of constants of an enum with commas between. */
    public static <E extends Enum<E>> SettingType<List<E>> choices(Class<E> type, Function<E, String> word) {
        SettingType<E> one = choice(type, word);
        return of(
                Kind.LIST,
                one.label(),
                one.expected() + ", or several with commas between",
                text -> names(text).stream().map(one.parse()).toList(),
                values -> values.stream().map(word).collect(Collectors.joining(",")));
    }

    /**
     * Returns the values of a type and a word that stands for none of them.
     *
     * @param word is read as empty
     */
    public static <T> SettingType<Optional<T>> orWord(String word, SettingType<T> type) {
        return of(
                Kind.TEXT,
                word + "|" + type.label(),
                "\"%s\" or %s".formatted(word, type.expected()),
                text -> text.equals(word)
                        ? Optional.empty()
                        : Optional.of(type.parse().apply(text)),
                value -> value.isPresent() ? type.format().apply(value.get()) : word);
    }

    /** Returns this type with another placeholder. */
    public SettingType<T> labelled(String other) {
        return new SettingType<>(kind, other, expected, parse, format, choices);
    }

    /** Returns true if a value is written as a list with commas between. */
    public boolean isList() {
        return kind == Kind.LIST;
    }

    private static <E> E constant(List<E> all, Function<E, String> word, String text) {
        return all.stream()
                .filter(one -> word.apply(one).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(text));
    }

    private static Double number(String text) {
        if (!Setting.NUMERAL.matcher(text).matches()) {
            throw new NumberFormatException(text); // "1f" and "0x1p3" are numbers for Java alone
        }
        return Double.valueOf(text);
    }

    /** Returns a number as people write it, which reads back as the same double. */
    private static Object written(double value) {
        if (!Double.isFinite(value)) {
            return String.valueOf(value);
        }
        if (value == Math.rint(value) && Math.abs(value) < LARGEST_WHOLE) {
            return (long) value;
        }
        return new BigDecimal(Decimals.shortest(value)).stripTrailingZeros();
    }

    private static Boolean yesOrNo(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(text);
        };
    }

    private static List<String> names(String text) {
        List<String> names = CommaList.split(text);
        if (names.contains("")) {
            throw new IllegalArgumentException(text);
        }
        return names;
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
