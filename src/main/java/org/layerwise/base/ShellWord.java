package org.layerwise.base;

import java.util.regex.Pattern;

/** Words of command lines that people copy into a POSIX shell. */
public final class ShellWord {

    /** What no shell reads as anything but itself. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+:,./][A-Za-z0-9_@%+=:,./-]*");

    private ShellWord() {}

    /** As a shell reads it as one word: itself where nothing in it is special, else in single quotes. */
    public static String of(Object value) {
        String word = value.toString();
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
