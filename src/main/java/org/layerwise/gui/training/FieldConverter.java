package org.layerwise.gui.training;

import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.setting.Setting;

/** Conversion between the value of a field and typed text. */
interface FieldConverter<T extends @Nullable Object> {

    /** Returns the text of a value. */
    String write(T value);

    /** @throws UserException with the error in one sentence, if the text is invalid */
    T read(String typed);

    /** Returns the conversion for a setting; if the setting has no default, blank text is null. */
    @SuppressWarnings("NullAway") // it does not follow type arguments that may be null
    static <T> FieldConverter<@Nullable T> of(Setting<T> setting) {
        return new FieldConverter<>() {
            @Override
            public String write(@Nullable T value) {
                return value == null ? "" : setting.write(value);
            }

            @Override
            public @Nullable T read(String typed) {
                return typed.isBlank() && setting.defaultValue().isEmpty()
                        ? null
                        : setting.read(setting.title(), typed);
            }
        };
    }
}
