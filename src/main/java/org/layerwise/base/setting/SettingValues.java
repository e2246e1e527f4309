package org.layerwise.base.setting;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Values that were given for settings. All other settings have their defaults. Immutable. Two objects are equal if they
 * contain the same values, apart from values that equal their defaults.
 */
public final class SettingValues {

    private static final SettingValues NONE = new SettingValues(Map.of());

    private final Map<Setting<?>, Object> given;

    private SettingValues(Map<Setting<?>, Object> given) {
        this.given = given;
    }

    /** Returns an object without values. */
    public static SettingValues none() {
        return NONE;
    }

    /**
     * Returns the value that was given, or else the default.
     *
     * @throws IllegalStateException if there is neither a value nor a default
     */
    public <T> T get(Setting<T> setting) {
        return find(setting)
                .orElseThrow(() -> new IllegalStateException(setting + " was not given and has no default"));
    }

    /** Returns the value that was given, or else the default for a context. */
    public <T, C> T get(DerivedSetting<T, C> setting, C context) {
        return given(setting).orElseGet(() -> setting.defaultFor(context));
    }

    /** Returns the value that was given, or else the default; empty if there is neither a value nor a default. */
    public <T> Optional<T> find(Setting<T> setting) {
        return given(setting).or(setting::defaultValue);
    }

    /** Returns the value that was given; empty if none was given. */
    @SuppressWarnings("unchecked") // with() only accepts a value of the setting's type
    public <T> Optional<T> given(Setting<T> setting) {
        return Optional.ofNullable((T) given.get(setting));
    }

    /** Returns these values with another value of a setting. */
    public <T> SettingValues with(Setting<T> setting, T value) {
        Map<Setting<?>, Object> all = new LinkedHashMap<>(given);
        all.put(setting, value);
        return new SettingValues(all);
    }

    /** Returns these values with another value of a setting, or without its value if {@code value} is empty. */
    public <T> SettingValues with(Setting<T> setting, Optional<T> value) {
        return value.map(is -> with(setting, is)).orElseGet(() -> without(setting));
    }

    /** Returns these values without the value of a setting, which then has its default. */
    public SettingValues without(Setting<?> setting) {
        if (!given.containsKey(setting)) {
            return this;
        }
        Map<Setting<?>, Object> all = new LinkedHashMap<>(given);
        all.remove(setting);
        return new SettingValues(all);
    }

    /** Returns these values combined with others. The others take precedence. */
    public SettingValues and(SettingValues others) {
        Map<Setting<?>, Object> all = new LinkedHashMap<>(given);
        all.putAll(others.given);
        return new SettingValues(all);
    }

    /** Returns only the values of certain settings. */
    public SettingValues only(Collection<? extends Setting<?>> settings) {
        Map<Setting<?>, Object> some = new LinkedHashMap<>(given);
        some.keySet().retainAll(settings);
        return new SettingValues(some);
    }

    /** Returns these values without those that equal their defaults. */
    public SettingValues withoutDefaults() {
        Map<Setting<?>, Object> others = new LinkedHashMap<>(given);
        others.entrySet().removeIf(entry -> entry.getKey()
                .defaultValue()
                .map(entry.getValue()::equals)
                .orElse(false));
        return new SettingValues(others);
    }

    /**
     * Returns the effective values of settings, given or default, in the form of {@link #written}. Settings that have
     * no effect are omitted, and so are empty texts, and settings whose default depends on a context unless they were
     * given.
     */
    public Map<String, Object> effective(Collection<? extends Setting<?>> settings) {
        Map<String, Object> all = new LinkedHashMap<>();
        for (Setting<?> setting : settings) {
            if (setting.appliesTo(this)) {
                find(setting, all::put);
            }
        }
        return all;
    }

    private <T> void find(Setting<T> setting, BiConsumer<String, Object> target) {
        find(setting)
                .map(value -> setting.type().format().apply(value))
                .filter(written -> !written.equals("")) // no value, such as an empty list of patterns
                .ifPresent(written -> target.accept(setting.name(), written));
    }

    /**
     * Returns the given values of settings by name, in the order of the settings. A value is a text, a number or a
     * boolean.
     */
    public Map<String, Object> written(Collection<? extends Setting<?>> settings) {
        Map<String, Object> all = new LinkedHashMap<>();
        for (Setting<?> setting : settings) {
            write(setting, all::put);
        }
        return all;
    }

    private <T> void write(Setting<T> setting, BiConsumer<String, Object> target) {
        given(setting)
                .ifPresent(value ->
                        target.accept(setting.name(), setting.type().format().apply(value)));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SettingValues values && withoutDefaults().given.equals(values.withoutDefaults().given);
    }

    @Override
    public int hashCode() {
        return withoutDefaults().given.hashCode();
    }

    @Override
    public String toString() {
        return given.toString();
    }
}
