package org.layerwise.base;

import java.util.regex.Pattern;

/** Names of files and folders that every file system takes. */
public final class FileNames {

    private static final Pattern NOT_PLAIN = Pattern.compile("[^\\w.-]+");

    // file systems allow 255 bytes for a name, and callers put numbers and endings behind it
    private static final int LONGEST = 150;

    private FileNames() {}

    /** Makes a name of a text: its letters and digits of ASCII, dots, hyphens and {@code _} for all others, at most 150 of them. */
    public static String plain(String text) {
        return cut(NOT_PLAIN.matcher(text).replaceAll("_"), LONGEST, LONGEST);
    }

    /**
     * Cuts a name between two characters.
     *
     * @param chars the most of them, as Java counts
     * @param bytes the most of them in UTF-8
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
