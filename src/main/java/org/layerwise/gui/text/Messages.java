package org.layerwise.gui.text;

import java.text.MessageFormat;
import java.util.Locale;
import java.util.ResourceBundle;

/** The window's texts, all from one resource bundle. Placeholders are those of {@link MessageFormat}. */
public final class Messages {

    private static final ResourceBundle BUNDLE = ResourceBundle.getBundle("org.layerwise.gui.messages");

    private Messages() {}

    /** Whether there is a text with this key. */
    public static boolean has(String key) {
        return BUNDLE.containsKey(key);
    }

    /**
     * The text with this key.
     *
     * @param arguments what its placeholders stand for; figures should come as text, formatted by {@link Figures}
     * @throws java.util.MissingResourceException if there is no such text: a mistake in the program
     */
    public static String text(String key, Object... arguments) {
        String pattern = BUNDLE.getString(key);
        return arguments.length == 0 ? pattern : new MessageFormat(pattern, Locale.ENGLISH).format(arguments);
    }
}
