package org.layerwise.base.setting;

/**
 * Two values of a setting, an earlier and a present one, as texts.
 *
 * @param name name of the setting
 * @param then earlier value; empty if it was left out
 * @param now present value; empty if it is left out
 */
public record SettingDifference(String name, String then, String now) {

    /** Returns the two values that a setting has. */
    public static <T> SettingDifference of(Setting<T> setting, SettingValues then, SettingValues now) {
        return new SettingDifference(setting.name(), written(setting, then), written(setting, now));
    }

    private static <T> String written(Setting<T> setting, SettingValues values) {
        return values.find(setting).map(setting::write).orElse("");
    }

    /** Returns true if the values differ. */
    public boolean exists() {
        return !then.equals(now);
    }

    /** Returns the difference for messages, such as {@code --r 64, not 8}. */
    public String words() {
        return "--%s %s, not %s".formatted(name, words(then), words(now));
    }

    private static String words(String value) {
        return value.isEmpty() ? "left out" : value;
    }
}
