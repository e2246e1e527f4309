package org.layerwise.base.setting;

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
 * Type of a setting's values, with conversions from and to text.
 *
 * @param <T> Java type of the values
 * @param kind kind of the values, which determines the editor and the parsing of files
 * @param label placeholder in a synopsis, such as {@code N}
 * @param expected noun phrase that follows "must be", such as {@code a whole number}
 * @param parse function that parses text; it throws IllegalArgumentException for an invalid text
 * @param format function that returns a value as text, a number or a Boolean, which {@code parse} reads back
 * @param words words of which the text of a value is made; empty for other types
 * @param choices all values of a choice, in order; empty for other types
 */
public record SettingType<T>(
        Kind kind,
        String label,
        String expected,
        Function<String, T> parse,
        Function<T, Object> format,
        List<String> words,
        List<T> choices) {

    /** Kinds of values. */
    public enum Kind {
        /** Boolean. */
        FLAG,
        /** Whole number. */
        WHOLE,
        /** Number with or without a fraction. */
        NUMBER,
        /** Text. */
        TEXT,
        /** Choice among several words. */
        CHOICE,
        /** List of names or numbers, separated by commas. */
        LIST,
        /** Path of a file. */
        FILE,
        /** Path of a folder. */
        FOLDER
    }

    /** Whole numbers in the range of {@code int}. */
    public static final SettingType<Integer> WHOLE =
            of(Kind.WHOLE, "N", "a whole number", Integer::valueOf, value -> value);

    /** Whole numbers in the range of {@code long}. */
    public static final SettingType<Long> LONG = of(Kind.WHOLE, "N", "a whole number", Long::valueOf, value -> value);

    /** Numbers, formatted without loss. */
    public static final SettingType<Double> NUMBER =
            of(Kind.NUMBER, "X", "a number", SettingType::number, SettingType::written);

    /** Booleans. */
    public static final SettingType<Boolean> FLAG =
            of(Kind.FLAG, "", "true or false", SettingType::yesOrNo, value -> value);

    /** Unrestricted text. */
    public static final SettingType<String> TEXT = of(Kind.TEXT, "TEXT", "a text", text -> text, value -> value);

    /** Lists of names, separated by commas. No name may be empty. */
    public static final SettingType<List<String>> NAMES =
            of(Kind.LIST, "NAME[,NAME...]", "NAME or NAME,NAME", SettingType::names, names -> String.join(",", names));

    /** Path of a folder. */
    public static final SettingType<Path> FOLDER =
            of(Kind.FOLDER, "DIR", "a folder", SettingType::path, Path::toString);

    private static final double LARGEST_WHOLE = 1e9;

    public SettingType {
        words = List.copyOf(words);
        choices = List.copyOf(choices);
    }

    /** Returns a type without choices. */
    public static <T> SettingType<T> of(
            Kind kind, String label, String expected, Function<String, T> parse, Function<T, Object> format) {
        boolean blanksCount =
                switch (kind) {
                    case TEXT, LIST, FILE, FOLDER -> true; // a column or a file may begin with a blank
                    case FLAG, WHOLE, NUMBER, CHOICE -> false;
                };
        return new SettingType<>(
                kind,
                label,
                expected,
                blanksCount ? parse : text -> parse.apply(text.strip()),
                format,
                List.of(),
                List.of());
    }

    /**
     * Returns a type whose values are the constants of an enum.
     *
     * @param word function that returns the name of a constant for people
     */
    public static <E extends Enum<E>> SettingType<E> choice(Class<E> type, Function<E, String> word) {
        return choice(Arrays.asList(type.getEnumConstants()), word);
    }

    private static <E> SettingType<E> choice(List<E> all, Function<E, String> word) {
        List<String> words = all.stream().map(word).toList();
        return new SettingType<>(
                Kind.CHOICE,
                String.join("|", words),
                "one of " + String.join(", ", words),
                text -> constant(all, word, text.strip()),
                word::apply,
                words,
                all);
    }

    /**
     * Returns a type for lists of known values, separated by commas.
     *
     * @param all all values that can be chosen
     * @param word function that returns the name of a value for people
     */
    public static <E> SettingType<List<E>> choices(List<E> all, Function<E, String> word) {
        SettingType<E> one = choice(all, word);
        return new SettingType<>(
                Kind.LIST,
                one.label(),
                one.expected() + ", or several with commas between",
                text -> names(text).stream().map(one.parse()).toList(),
                values -> values.stream().map(word).collect(Collectors.joining(",")),
                one.words(),
                List.of());
    }

    /**
     * Returns a type with the values of another type and a word for no value.
     *
     * @param word text of the empty value
     */
    public static <T> SettingType<Optional<T>> orWord(String word, SettingType<T> type) {
        return of(
                Kind.TEXT,
                word + "|" + type.label(),
                "\"%s\" or %s".formatted(word, type.expected()),
                text -> text.strip().equals(word)
                        ? Optional.empty()
                        : Optional.of(type.parse().apply(text)),
                value -> value.isPresent() ? type.format().apply(value.get()) : word);
    }

    /** Returns this type with another placeholder. */
    public SettingType<T> labelled(String other) {
        return new SettingType<>(kind, other, expected, parse, format, words, choices);
    }

    private static <E> E constant(List<E> all, Function<E, String> word, String text) {
        return all.stream()
                .filter(one -> word.apply(one).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(text));
    }

    private static Double number(String text) {
        if (!Setting.NUMERAL.matcher(text).matches()) {
            throw new NumberFormatException(text); // "1f" and "0x1p3" are numbers only in Java
        }
        return Double.valueOf(text);
    }

    /** Returns a number in its shortest form that reads back as the same double. */
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
