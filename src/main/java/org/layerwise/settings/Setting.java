package org.layerwise.settings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;

/**
 * A value that people may give: one constant is its flag, its YAML key, its field in a form, its line in the help and its
 * entry in a run's {@code config.yaml}.
 *
 * <pre>{@code
 * static final Setting<Double> LEARNING_RATE = Setting.number("lr", 1e-3)
 *         .in(Range.above(0).atMost(1e6))
 *         .title("Learning rate")
 *         .help("Peak learning rate.");
 * }</pre>
 *
 * Immutable; every method that changes something returns a copy. Two settings are the same if they are the same object.
 *
 * @param <T> type of the value
 */
public sealed class Setting<T> permits DerivedSetting {

    static final Pattern NUMERAL = Pattern.compile("[-+.0-9eE]+|NaN|[-+]?Infinity");

    private final String name;
    private final SettingType<T> type;
    private final @Nullable T defaultValue;
    private final Words words;
    private final Check<T> check;
    private final @Nullable Range range;
    private final boolean changesNumbers;
    private final Predicate<SettingValues> applies;
    private final boolean advanced;

    /**
     * Check of a value beyond its type.
     *
     * @param <T> type of the value
     */
    @FunctionalInterface
    public interface Check<T> {

        /** Returns what the value must be, in words that follow "must be"; empty if it is allowed. */
        Optional<String> violated(T value);
    }

    /** Texts about a setting. */
    private record Words(String title, String help, String defaultText, String unit) {}

    Setting(Setting<T> other) {
        this(
                other.name,
                other.type,
                other.defaultValue,
                other.words,
                other.check,
                other.range,
                other.changesNumbers,
                other.applies,
                other.advanced);
    }

    private Setting(
            String name,
            SettingType<T> type,
            @Nullable T defaultValue,
            Words words,
            Check<T> check,
            @Nullable Range range,
            boolean changesNumbers,
            Predicate<SettingValues> applies,
            boolean advanced) {
        this.name = name;
        this.type = type;
        this.defaultValue = defaultValue;
        this.words = words;
        this.check = check;
        this.range = range;
        this.changesNumbers = changesNumbers;
        this.applies = applies;
        this.advanced = advanced;
    }

    /** Returns a setting of any type; {@code null} for one without a default. */
    public static <T> Setting<T> of(String name, SettingType<T> type, @Nullable T defaultValue) {
        String text = defaultValue == null ? "none" : text(type.format().apply(defaultValue));
        return new Setting<>(
                name,
                type,
                defaultValue,
                new Words(name, "", text, ""),
                value -> Optional.empty(),
                null,
                true,
                values -> true,
                false);
    }

    /** Returns a whole number with a default. */
    public static Setting<Integer> whole(String name, @Nullable Integer defaultValue) {
        return of(name, SettingType.WHOLE, defaultValue);
    }

    /** Returns a seed or another large whole number. */
    public static Setting<Long> large(String name, long defaultValue) {
        return of(name, SettingType.LONG, defaultValue);
    }

    /** Returns a number with a default; {@code null} for none. */
    public static Setting<Double> number(String name, @Nullable Double defaultValue) {
        return of(name, SettingType.NUMBER, defaultValue).in(Range.FINITE);
    }

    /** Returns a switch that is off by default. */
    public static Setting<Boolean> flag(String name) {
        return of(name, SettingType.FLAG, false);
    }

    /** Returns a text without a default. */
    public static Setting<String> text(String name) {
        return of(name, SettingType.TEXT, null);
    }

    /** Returns a list of names without a default. */
    public static Setting<List<String>> names(String name) {
        return of(name, SettingType.NAMES, null);
    }

    /** Returns a file without a default. */
    public static Setting<Path> file(String name) {
        return of(name, SettingType.FILE, null);
    }

    /** Returns a folder without a default. */
    public static Setting<Path> folder(String name) {
        return of(name, SettingType.FOLDER, null);
    }

    /** Returns one of the constants of an enum. */
    public static <E extends Enum<E>> Setting<E> choice(
            String name, Class<E> type, Function<E, String> word, @Nullable E defaultValue) {
        return of(name, SettingType.choice(type, word), defaultValue);
    }

    /** Returns the settings of several lists in one. */
    @SafeVarargs
    public static List<Setting<?>> join(List<? extends Setting<?>>... lists) {
        List<Setting<?>> all = new ArrayList<>();
        for (List<? extends Setting<?>> list : lists) {
            all.addAll(list);
        }
        return List.copyOf(all);
    }

    /** Returns this setting within a range. Only for numbers. */
    public Setting<T> in(Range other) {
        Check<T> within = value -> {
            if (value instanceof Number number) {
                return other.contains(number.doubleValue()) ? Optional.empty() : Optional.of(other.words());
            }
            throw new IllegalStateException(name + " is no number, so it has no range");
        };
        return new Setting<>(name, type, defaultValue, words, within, other, changesNumbers, applies, advanced);
    }

    /** Returns this setting with another check. */
    public Setting<T> checked(Check<T> other) {
        return new Setting<>(name, type, defaultValue, words, other, range, changesNumbers, applies, advanced);
    }

    /** Returns this setting with a name for forms and tables, such as {@code Learning rate}. */
    public Setting<T> title(String other) {
        return with(new Words(other, words.help, words.defaultText, words.unit));
    }

    /** Returns this setting with one or two sentences that explain it; the default is not part of them. */
    public Setting<T> help(String other) {
        return with(new Words(words.title, other, words.defaultText, words.unit));
    }

    /** Returns this setting with words for its default, where the value alone does not say it. */
    public Setting<T> defaultText(String other) {
        return with(new Words(words.title, words.help, other, words.unit));
    }

    /** Returns this setting with a default, or another one. */
    public Setting<T> withDefault(T other) {
        Words told = new Words(words.title, words.help, text(type.format().apply(other)), words.unit);
        return new Setting<>(name, type, other, told, check, range, changesNumbers, applies, advanced);
    }

    /** Returns this setting with a unit, such as {@code MiB}. */
    public Setting<T> unit(String other) {
        return with(new Words(words.title, words.help, words.defaultText, other));
    }

    /** Returns this setting with another placeholder in synopses. */
    public Setting<T> label(String other) {
        return new Setting<>(
                name, type.labelled(other), defaultValue, words, check, range, changesNumbers, applies, advanced);
    }

    /** Returns this setting as one that changes no number of a result, so that a run may be resumed with another value. */
    public Setting<T> changingNoNumbers() {
        return new Setting<>(name, type, defaultValue, words, check, range, false, applies, advanced);
    }

    /** Returns this setting as one that only counts with some values of others; forms hide it otherwise, and files omit it. */
    public Setting<T> onlyIf(Predicate<SettingValues> condition) {
        return new Setting<>(name, type, defaultValue, words, check, range, changesNumbers, condition, advanced);
    }

    /** Returns this setting as one that few people change; forms fold it away. */
    public Setting<T> advanced() {
        return new Setting<>(name, type, defaultValue, words, check, range, changesNumbers, applies, true);
    }

    /**
     * Returns this setting with a default that follows from something else.
     *
     * @param <C> what it follows from, such as the number of steps in an epoch
     * @param text words for the default, such as {@code once an epoch}
     */
    public <C> DerivedSetting<T, C> derived(String text, Function<C, T> value) {
        return new DerivedSetting<>(defaultText(text), value);
    }

    private Setting<T> with(Words other) {
        return new Setting<>(name, type, defaultValue, other, check, range, changesNumbers, applies, advanced);
    }

    /** Returns the YAML key, which is the flag without dashes. */
    public String name() {
        return name;
    }

    /** Returns the flag of the command line. */
    public String flag() {
        return "--" + name;
    }

    public SettingType<T> type() {
        return type;
    }

    /** Returns the default; empty if there is none, or if it follows from something else. */
    public Optional<T> defaultValue() {
        return Optional.ofNullable(defaultValue);
    }

    /** Returns the range; empty for anything but numbers with a range. */
    public Optional<Range> range() {
        return Optional.ofNullable(range);
    }

    public String title() {
        return words.title;
    }

    public String help() {
        return words.help;
    }

    /** Returns words for the default. */
    public String defaultText() {
        return words.defaultText;
    }

    /** Returns the unit; empty for none. */
    public String unit() {
        return words.unit;
    }

    /** Returns true if few people change it. */
    public boolean isAdvanced() {
        return advanced;
    }

    /** Returns true if the setting counts beside the values of others. */
    public boolean appliesTo(SettingValues others) {
        return applies.test(others);
    }

    /** Returns true if another value may give other numbers. */
    public boolean changesNumbers() {
        return changesNumbers;
    }

    /**
     * Reads a value.
     *
     * @param shown name of the setting in a refusal: a flag, a key with its file, or a title
     * @throws UserException if the text is no value of the type, or not allowed
     */
    public T read(String shown, String text) {
        T value;
        try {
            value = type.parse().apply(text.strip());
        } catch (UserException e) {
            throw new UserException("%s: %s".formatted(shown, e.getMessage()), e);
        } catch (IllegalArgumentException e) {
            throw new UserException(
                    text.strip().matches("[+-]?\\d+") && type.kind() == SettingType.Kind.WHOLE
                            ? "%s is too large: %s.".formatted(shown, text.strip())
                            : "%s must be %s, but is \"%s\".".formatted(shown, type.expected(), text),
                    e);
        }
        require(shown, value);
        return value;
    }

    /**
     * Checks a value.
     *
     * @param shown name of the setting in a refusal
     * @throws UserException if the value is not allowed
     */
    public void require(String shown, T value) {
        Optional<String> violated = check.violated(value);
        if (violated.isPresent()) {
            throw new UserException("%s must be %s, but is %s.".formatted(shown, violated.get(), quoted(write(value))));
        }
    }

    /** Returns text in quotes, numbers as they are. */
    private static String quoted(String text) {
        return NUMERAL.matcher(text).matches() ? text : "\"" + text + "\"";
    }

    /** Returns a value as text that {@link #read} takes. */
    public String write(T value) {
        return text(type.format().apply(value));
    }

    /** Returns text of a formatted value; exponents are written as most programs do, 1e-7. */
    private static String text(Object formatted) {
        return formatted instanceof Number ? formatted.toString().replace('E', 'e') : formatted.toString();
    }

    @Override
    public String toString() {
        return flag();
    }
}
