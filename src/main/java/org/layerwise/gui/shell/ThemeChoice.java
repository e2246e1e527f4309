package org.layerwise.gui.shell;

import java.util.Arrays;
import java.util.Locale;

/** Which look people chose. */
public enum ThemeChoice {
    /** As the desktop is. */
    SYSTEM,
    LIGHT,
    DARK;

    /** How settings name it. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The choice of a name; {@link #SYSTEM} for any other. */
    static ThemeChoice of(String id) {
        return Arrays.stream(values())
                .filter(choice -> choice.id().equals(id))
                .findFirst()
                .orElse(SYSTEM);
    }
}
