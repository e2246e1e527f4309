package org.layerwise.gui.training;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javafx.beans.Observable;
import javafx.beans.binding.Bindings;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.setting.Setting;
import org.layerwise.base.setting.SettingValues;

/**
 * Fields for a list of settings, one per setting. A field is visible while its setting applies to the values of the
 * others.
 */
final class SettingFields {

    private final Map<Setting<?>, Field<?>> fields = new LinkedHashMap<>();

    SettingFields(List<Setting<?>> settings) {
        settings.forEach(setting -> fields.put(setting, Field.of(setting)));
        Observable[] values = fields.values().stream().map(Field::valueProperty).toArray(Observable[]::new);
        fields.forEach((setting, field) ->
                field.shownWhile(Bindings.createBooleanBinding(() -> setting.appliesTo(values()), values)));
    }

    /** Returns the field of a setting. */
    @SuppressWarnings("unchecked") // created by Field.of, which takes the type of the setting
    <T> Field<@Nullable T> of(Setting<T> setting) {
        return (Field<@Nullable T>) Objects.requireNonNull(fields.get(setting));
    }

    /** Returns the basic fields. */
    List<Field<?>> usual() {
        return fields(false);
    }

    /** Returns the advanced fields. */
    List<Field<?>> advanced() {
        return fields(true);
    }

    private List<Field<?>> fields(boolean advanced) {
        return fields.keySet().stream()
                .filter(setting -> setting.isAdvanced() == advanced)
                .<Field<?>>map(fields::get)
                .toList();
    }

    /** Returns the values of all fields that differ from their defaults. */
    SettingValues values() {
        SettingValues values = SettingValues.none();
        for (Setting<?> setting : fields.keySet()) {
            values = with(values, setting);
        }
        return values.withoutDefaults();
    }

    private <T> SettingValues with(SettingValues values, Setting<T> setting) {
        T value = of(setting).get();
        return value == null ? values : values.with(setting, value);
    }

    /** Sets each field to its value or its default. */
    void fill(SettingValues values) {
        fields.keySet().forEach(setting -> fill(setting, values));
    }

    @SuppressWarnings("NullAway") // it does not follow type arguments that may be null
    private <T> void fill(Setting<T> setting, SettingValues values) {
        of(setting).set(values.find(setting).orElse(null));
    }
}
