package org.layerwise.gui.shell;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How large everything in the window is. The toolkit reads it once, at its start, so a change shows at the next start of the
 * program.
 */
public final class InterfaceScale {

    /** As the desktop says. */
    public static final int SYSTEM = 0;

    /** What can be chosen, in per cent. */
    static final List<Integer> CHOICES = List.of(SYSTEM, 100, 125, 150, 175, 200, 250);

    private static final int WHOLE = 100;

    private InterfaceScale() {}

    /**
     * What the toolkit has to be told before it starts; nothing where the desktop decides, or on macOS, which scales
     * windows itself.
     *
     * @param percent one of the choices
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
