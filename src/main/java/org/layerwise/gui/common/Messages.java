package org.layerwise.gui.common;

import java.text.MessageFormat;
import java.util.Locale;
import java.util.ResourceBundle;

/** Texts of the window, all from one resource bundle. Placeholders follow {@link MessageFormat}. */
public final class Messages {

    private static final ResourceBundle BUNDLE = ResourceBundle.getBundle("org.layerwise.gui.messages");

    private Messages() {}

    /** Returns true if a text with this key exists. */
    public static boolean has(String key) {
        return BUNDLE.containsKey(key);
    }

    /**
     * Returns the text with this key.
     *
     * @param arguments values of the placeholders; numbers should be passed as text formatted by {@link NumberTexts}
     * @throws java.util.MissingResourceException if there is no such text, which is a programming error
     */
    public static String text(String key, Object... arguments) {
        String pattern = BUNDLE.getString(key);
        return arguments.length == 0 ? pattern : new MessageFormat(pattern, Locale.ENGLISH).format(arguments);
    }
}
