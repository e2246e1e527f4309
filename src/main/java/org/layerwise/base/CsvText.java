package org.layerwise.base;

/** Words in a table of values separated by commas. */
public final class CsvText {

    private CsvText() {}

    /** As RFC 4180 has it: in quotes where it holds a comma, a quote or a line end. */
    public static String quoted(String words) {
        return words.matches("(?s).*[,\"\r\n].*") ? '"' + words.replace("\"", "\"\"") + '"' : words;
    }
}
