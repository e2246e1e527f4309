package org.layerwise.cli.console;

import java.util.ArrayList;
import java.util.List;

/** Formats cells in aligned columns with two spaces between them. */
public final class TextTable {

    private static final String GAP = "  ";

    private final List<Boolean> right = new ArrayList<>();
    private final List<List<String>> rows = new ArrayList<>();

    private TextTable() {}

    /**
     * Creates a table with a row of headings. A heading that begins with {@code >} aligns its column to the right, for
     * numbers.
     */
    public static TextTable of(String... headings) {
        TextTable table = new TextTable();
        List<String> names = new ArrayList<>();
        for (String heading : headings) {
            table.right.add(heading.startsWith(">"));
            names.add(heading.replaceFirst("^>", ""));
        }
        table.rows.add(names);
        return table;
    }

    /**
     * Adds a row with as many cells as there are headings.
     *
     * @throws IllegalArgumentException if the number of cells differs
     */
    public void row(String... cells) {
        if (cells.length != right.size()) {
            throw new IllegalArgumentException("a row of %s cells in %s columns".formatted(cells.length, right.size()));
        }
        rows.add(List.of(cells));
    }

    /** Adds a text across all columns. */
    public void note(String text) {
        rows.add(List.of(text));
    }

    /** Returns all rows without trailing spaces. */
    public List<String> lines() {
        int[] widths = new int[right.size()];
        for (List<String> row : rows) {
            for (int i = 0; row.size() == widths.length && i < widths.length; i++) {
                widths[i] = Math.max(widths[i], length(row.get(i)));
            }
        }
        return rows.stream().map(row -> line(row, widths).stripTrailing()).toList();
    }

    private String line(List<String> row, int[] widths) {
        if (row.size() != widths.length) {
            return row.get(0);
        }
        List<String> cells = new ArrayList<>();
        for (int i = 0; i < widths.length; i++) {
            String blanks = " ".repeat(widths[i] - length(row.get(i)));
            cells.add(right.get(i) ? blanks + row.get(i) : row.get(i) + blanks);
        }
        return String.join(GAP, cells);
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
