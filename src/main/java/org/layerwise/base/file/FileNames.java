package org.layerwise.base.file;

import java.util.regex.Pattern;

/** Creates names of files and folders that every file system accepts. */
public final class FileNames {

    private static final Pattern NOT_PLAIN = Pattern.compile("[^\\w.-]+");

    // file systems allow names of 255 bytes, and callers append numbers and extensions
    private static final int LONGEST = 150;

    private FileNames() {}

    /**
     * Returns a text as a file name: at most 150 characters, in which {@code _} replaces each run of characters other
     * than ASCII letters, digits, dots and hyphens.
     */
    public static String plain(String text) {
        return cut(NOT_PLAIN.matcher(text).replaceAll("_"), LONGEST, LONGEST);
    }

    /**
     * Cuts a name without splitting a character.
     *
     * @param chars maximum length in {@code char} values
     * @param bytes maximum length in bytes of UTF-8
     */
    public static String cut(String name, int chars, int bytes) {
        int end = 0;
        int size = 0;
        while (end < name.length()) {
            int point = name.codePointAt(end);
            size += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
            int next = end + Character.charCount(point);
            if (next > chars || size > bytes) {
                break;
            }
            end = next;
        }
        return name.substring(0, end);
    }
}
