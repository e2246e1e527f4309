package org.layerwise.gui.app;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Scale of the whole user interface. The toolkit reads the scale once at its start, so a change takes effect at the
 * next start of the program.
 */
public final class InterfaceScale {

    /** Value for the desktop's own scale. */
    public static final int SYSTEM = 0;

    /** Scales that the user can choose, in per cent. */
    static final List<Integer> CHOICES = List.of(SYSTEM, 100, 125, 150, 175, 200, 250);

    private static final int WHOLE = 100;

    private InterfaceScale() {}

    /**
     * Returns the system properties to set before the toolkit starts. Empty if the desktop's scale is used, and on
     * macOS, which scales windows itself.
     *
     * @param percent one of the scales that the user can choose
     * @param os value of the system property {@code os.name}
     */
    public static Map<String, String> properties(int percent, String os) {
        String name = os.toLowerCase(Locale.ROOT);
        if (percent == SYSTEM || !CHOICES.contains(percent) || name.startsWith("mac")) {
            return Map.of();
        }
        String key = name.startsWith("windows") ? "glass.win.uiScale" : "glass.gtk.uiScale";
        return Map.of(key, String.valueOf(percent / (double) WHOLE));
    }
}
