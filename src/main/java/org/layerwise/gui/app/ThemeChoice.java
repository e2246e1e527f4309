package org.layerwise.gui.app;

import java.util.Arrays;
import java.util.Locale;

/** Theme setting of the user. */
public enum ThemeChoice {
    /** Theme of the desktop. */
    SYSTEM,
    LIGHT,
    DARK;

    /** Returns the id of this choice in settings files. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the choice with an id; {@link #SYSTEM} for an unknown id. */
    static ThemeChoice of(String id) {
        return Arrays.stream(values())
                .filter(choice -> choice.id().equals(id))
                .findFirst()
                .orElse(SYSTEM);
    }
}
