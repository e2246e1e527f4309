package org.layerwise.gui.training;

import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.settings.Setting;

/** How the value of a field is written, and read from what people type. */
interface FieldWords<T extends @Nullable Object> {

    /** As people write it. */
    String write(T value);

    /** @throws UserException with the mistake in one sentence, if it cannot be read */
    T read(String typed);

    /** Values of a setting; of one without a default, blanks are null. */
    static <T> FieldWords<@Nullable T> of(Setting<T> setting) {
        return new FieldWords<>() {
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
