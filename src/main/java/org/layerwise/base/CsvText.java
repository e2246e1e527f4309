package org.layerwise.base;

/** Writes cells of CSV files. */
public final class CsvText {

    private CsvText() {}

    /** Returns a number without loss of precision; an empty cell for one that is not finite. */
    public static String number(double value) {
        return Double.isFinite(value) ? Decimals.shortest(value) : "";
    }

    /** Returns a cell as RFC 4180 demands: in quotes if it contains a comma, a quote or a line end. */
    public static String quoted(String words) {
        return words.matches("(?s).*[,\"\r\n].*") ? '"' + words.replace("\"", "\"\"") + '"' : words;
    }
}
