package org.layerwise.base;

/** Quotes cells of CSV files. */
public final class CsvText {

    private CsvText() {}

    /** Returns a cell as RFC 4180 demands: in quotes if it contains a comma, a quote or a line end. */
    public static String quoted(String words) {
        return words.matches("(?s).*[,\"\r\n].*") ? '"' + words.replace("\"", "\"\"") + '"' : words;
    }
}
