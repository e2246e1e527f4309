package org.layerwise.base;

import java.util.regex.Pattern;

/** Quotes words of command lines that people copy into a POSIX shell. */
public final class ShellWord {

    /** Words without characters that are special in a shell. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+:,./][A-Za-z0-9_@%+=:,./-]*");

    private ShellWord() {}

    /** Returns a value as one word of a shell: unchanged if nothing in it is special, else in single quotes. */
    public static String of(Object value) {
        String word = value.toString();
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
