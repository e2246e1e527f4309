package org.layerwise.base.setting;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Spelling;
import org.layerwise.base.UserException;

/**
 * Setting that people can give a value. One constant defines its flag, its YAML key, its field in a form, its line in
 * the help and its entry in a run's {@code config.yaml}.
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
    private final boolean inJobs;

    /**
     * Check of a value beyond its type.
     *
     * @param <T> type of the value
     */
    @FunctionalInterface
    public interface Check<T> {

        /**
         * Checks a value.
         *
         * @return requirement in words that follow "must be"; empty if the value is allowed
         */
        Optional<String> violated(T value);
    }

    /** Texts of a setting. */
    private record Words(String title, String help, String defaultText, @Nullable String prompt, String unit) {}

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
                other.advanced,
                other.inJobs);
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
            boolean advanced,
            boolean inJobs) {
        this.name = name;
        this.type = type;
        this.defaultValue = defaultValue;
        this.words = words;
        this.check = check;
        this.range = range;
        this.changesNumbers = changesNumbers;
        this.applies = applies;
        this.advanced = advanced;
        this.inJobs = inJobs;
    }

    /**
     * Returns a setting of any type.
     *
     * @param defaultValue default; {@code null} for none
     */
    public static <T> Setting<T> of(String name, SettingType<T> type, @Nullable T defaultValue) {
        String text = defaultValue == null ? "none" : text(type.format().apply(defaultValue));
        return new Setting<>(
                name,
                type,
                defaultValue,
                new Words(name, "", text, null, ""),
                value -> Optional.empty(),
                null,
                true,
                values -> true,
                false,
                false);
    }

    /**
     * Returns a setting for a whole number.
     *
     * @param defaultValue default; {@code null} for none
     */
    public static Setting<Integer> whole(String name, @Nullable Integer defaultValue) {
        return of(name, SettingType.WHOLE, defaultValue);
    }

    /** Returns a setting for a seed or another large whole number. */
    public static Setting<Long> large(String name, long defaultValue) {
        return of(name, SettingType.LONG, defaultValue);
    }

    /**
     * Returns a setting for a finite number.
     *
     * @param defaultValue default; {@code null} for none
     */
    public static Setting<Double> number(String name, @Nullable Double defaultValue) {
        return of(name, SettingType.NUMBER, defaultValue).in(Range.FINITE);
    }

    /** Returns a boolean setting that is off by default. */
    public static Setting<Boolean> flag(String name) {
        return of(name, SettingType.FLAG, false);
    }

    /** Returns a text setting without a default. */
    public static Setting<String> text(String name) {
        return of(name, SettingType.TEXT, null);
    }

    /** Returns a setting for a list of names without a default. */
    public static Setting<List<String>> names(String name) {
        return of(name, SettingType.NAMES, null);
    }

    /** Returns a setting for a folder without a default. */
    public static Setting<Path> folder(String name) {
        return of(name, SettingType.FOLDER, null);
    }

    /**
     * Returns a setting for one of the constants of an enum.
     *
     * @param word function that returns the name of a constant for people
     * @param defaultValue default; {@code null} for none
     */
    public static <E extends Enum<E>> Setting<E> choice(
            String name, Class<E> type, Function<E, String> word, @Nullable E defaultValue) {
        return of(name, SettingType.choice(type, word), defaultValue);
    }

    /** Concatenates lists of settings. */
    @SafeVarargs
    public static List<Setting<?>> join(List<? extends Setting<?>>... lists) {
        List<Setting<?>> all = new ArrayList<>();
        for (List<? extends Setting<?>> list : lists) {
            all.addAll(list);
        }
        return List.copyOf(all);
    }

    /** Returns this setting with a range, which is its only check. The setting must be numeric. */
    public Setting<T> in(Range other) {
        Check<T> within = value -> {
            if (value instanceof Number number) {
                return other.contains(number.doubleValue()) ? Optional.empty() : Optional.of(other.words());
            }
            throw new IllegalStateException(name + " is no number, so it has no range");
        };
        return new Setting<>(name, type, defaultValue, words, within, other, changesNumbers, applies, advanced, inJobs);
    }

    /** Returns this setting with another check. */
    public Setting<T> checked(Check<T> other) {
        return new Setting<>(name, type, defaultValue, words, other, range, changesNumbers, applies, advanced, inJobs);
    }

    /** Returns this setting with a name for forms and tables, such as {@code Learning rate}. */
    public Setting<T> title(String other) {
        return with(new Words(other, words.help, words.defaultText, words.prompt, words.unit));
    }

    /** Returns this setting with a help text: one or two sentences that do not mention the default. */
    public Setting<T> help(String other) {
        return with(new Words(words.title, other, words.defaultText, words.prompt, words.unit));
    }

    /** Returns this setting with a description of its default, for a value that is not clear by itself. */
    public Setting<T> defaultText(String other) {
        return with(new Words(words.title, words.help, other, words.prompt, words.unit));
    }

    /** Returns this setting with a short text for an empty field of a form, such as an example. */
    public Setting<T> prompt(String other) {
        return with(new Words(words.title, words.help, words.defaultText, other, words.unit));
    }

    /** Returns this setting with another default. */
    public Setting<T> withDefault(T other) {
        Words told = new Words(words.title, words.help, text(type.format().apply(other)), words.prompt, words.unit);
        return new Setting<>(name, type, other, told, check, range, changesNumbers, applies, advanced, inJobs);
    }

    /** Returns this setting with a unit, such as {@code MiB}. */
    public Setting<T> unit(String other) {
        return with(new Words(words.title, words.help, words.defaultText, words.prompt, other));
    }

    /** Returns this setting with another placeholder in synopses. */
    public Setting<T> label(String other) {
        return new Setting<>(
                name,
                type.labelled(other),
                defaultValue,
                words,
                check,
                range,
                changesNumbers,
                applies,
                advanced,
                inJobs);
    }

    /**
     * Returns this setting, marked as one that does not affect numerical results. A run may be resumed with another
     * value of it.
     */
    public Setting<T> changingNoNumbers() {
        return new Setting<>(name, type, defaultValue, words, check, range, false, applies, advanced, inJobs);
    }

    /**
     * Returns this setting with a condition on the values of other settings. If the condition is false, the setting has
     * no effect: forms hide it, and files omit it.
     */
    public Setting<T> onlyIf(Predicate<SettingValues> condition) {
        return new Setting<>(
                name, type, defaultValue, words, check, range, changesNumbers, condition, advanced, inJobs);
    }

    /** Returns this setting, marked as one that few people change. Forms fold such settings away. */
    public Setting<T> advanced() {
        return new Setting<>(name, type, defaultValue, words, check, range, changesNumbers, applies, true, inJobs);
    }

    /** Returns this setting, marked as one whose value the program of a job on a cluster reads from its plan. */
    public Setting<T> inJobs() {
        return new Setting<>(name, type, defaultValue, words, check, range, changesNumbers, applies, advanced, true);
    }

    /**
     * Returns this setting with a default that depends on a context.
     *
     * @param <C> type of the context, such as the number of steps in an epoch
     * @param text description of the default, such as {@code once an epoch}
     * @param value function that returns the default for a context
     */
    public <C> DerivedSetting<T, C> derived(String text, Function<C, T> value) {
        return new DerivedSetting<>(defaultText(text), value);
    }

    private Setting<T> with(Words other) {
        return new Setting<>(name, type, defaultValue, other, check, range, changesNumbers, applies, advanced, inJobs);
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

    /** Returns the default; empty if there is none, or if it depends on a context. */
    public Optional<T> defaultValue() {
        return Optional.ofNullable(defaultValue);
    }

    /** Returns the range; empty if the setting is not numeric or has no range. */
    public Optional<Range> range() {
        return Optional.ofNullable(range);
    }

    public String title() {
        return words.title;
    }

    public String help() {
        return words.help;
    }

    /** Returns the description of the default. */
    public String defaultText() {
        return words.defaultText;
    }

    /**
     * Returns the text for an empty field of a form; empty for none. Without a text of its own, it is that of the default,
     * if there is no default value.
     */
    public String prompt() {
        return words.prompt != null ? words.prompt : defaultValue == null ? words.defaultText : "";
    }

    /** Returns the unit; empty for none. */
    public String unit() {
        return words.unit;
    }

    /** Returns true if few people change the setting. */
    public boolean isAdvanced() {
        return advanced;
    }

    /** Returns true if the program of a job on a cluster reads the value from its plan. */
    public boolean isInJobs() {
        return inJobs;
    }

    /** Returns true if the setting has an effect, given the values of other settings. */
    public boolean appliesTo(SettingValues others) {
        return applies.test(others);
    }

    /** Returns true if the value affects numerical results. */
    public boolean changesNumbers() {
        return changesNumbers;
    }

    /**
     * Parses and checks a value.
     *
     * @param shown name of the setting in an error: a flag, a key with its file, or a title
     * @throws UserException if the text is not a value of the type, or the value is not allowed
     */
    public T read(String shown, String text) {
        T value;
        try {
            value = type.parse().apply(text);
        } catch (UserException e) {
            throw new UserException("%s: %s".formatted(shown, e.getMessage()), e);
        } catch (IllegalArgumentException e) {
            throw new UserException(
                    text.strip().matches("[+-]?\\d+") && type.kind() == SettingType.Kind.WHOLE
                            ? "%s is too large: %s.".formatted(shown, text.strip())
                            : "%s must be %s, but is \"%s\"%s."
                                    .formatted(
                                            shown,
                                            type.expected(),
                                            text,
                                            nearest(text)
                                                    .map("; the nearest one is \"%s\""::formatted)
                                                    .orElse("")),
                    e);
        }
        require(shown, value);
        return value;
    }

    /** Returns the word that may be meant by the first unknown word of a text; empty if there is none. */
    private Optional<String> nearest(String text) {
        return CommaList.split(text).stream()
                .filter(word -> !type.words().contains(word))
                .findFirst()
                .flatMap(word -> Spelling.nearest(word, type.words()));
    }

    /**
     * Checks a value.
     *
     * @param shown name of the setting in an error
     * @throws UserException if the value is not allowed
     */
    public void require(String shown, T value) {
        Optional<String> violated = check.violated(value);
        if (violated.isPresent()) {
            throw new UserException("%s must be %s, but is %s.".formatted(shown, violated.get(), quoted(write(value))));
        }
    }

    /** Returns a text in quotes, or unchanged if it is a number. */
    private static String quoted(String text) {
        return NUMERAL.matcher(text).matches() ? text : "\"" + text + "\"";
    }

    /** Returns a value as text that {@link #read} accepts. */
    public String write(T value) {
        return text(type.format().apply(value));
    }

    /** Returns a formatted value as text, with exponents in the common form {@code 1e-7}. */
    private static String text(Object formatted) {
        return formatted instanceof Number ? formatted.toString().replace('E', 'e') : formatted.toString();
    }

    @Override
    public String toString() {
        return flag();
    }
}
