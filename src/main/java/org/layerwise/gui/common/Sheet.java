package org.layerwise.gui.common;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.CsvText;
import org.layerwise.base.Decimals;

/**
 * Table of results with the same columns in the window and in files.
 *
 * @param columns columns from left to right
 * @param rows rows with one cell per column
 */
public record Sheet(List<Column> columns, List<List<Cell>> rows) {

    /**
     * Column of a table.
     *
     * @param title title in the window
     * @param name name in files
     * @param tip explanation in one sentence; may be empty
     * @param number true if the column holds numbers, which are aligned to the right
     */
    public record Column(String title, String name, String tip, boolean number) {}

    /**
     * Cell of a table.
     *
     * @param shown rounded value for the window
     * @param exact value with all digits for files; empty for a missing value
     */
    public record Cell(String shown, String exact) {

        /** Cell of a missing value. */
        public static final Cell NONE = new Cell("–", "");

        /** Creates a cell with the same text in the window and in files. */
        public static Cell of(String words) {
            return new Cell(words, words);
        }

        /** Creates a cell of a number with three digits in the window; null is a missing value. */
        public static Cell significant(@Nullable Double exact) {
            return exact == null ? NONE : of(NumberTexts.significant(exact), exact);
        }

        /** Creates a cell of a number with three digits in the window; empty is a missing value. */
        public static Cell significant(OptionalDouble exact) {
            return exact.isPresent() ? significant(exact.getAsDouble()) : NONE;
        }

        /** Creates a cell of a fraction as a whole percentage; one that is not finite is a missing value. */
        public static Cell percent(double exact) {
            return Double.isFinite(exact) ? of(NumberTexts.percent(exact), exact) : NONE;
        }

        /** Creates a cell of a count; null is a missing value. */
        public static Cell count(@Nullable Integer exact) {
            return exact == null ? NONE : new Cell(NumberTexts.exact(exact), String.valueOf(exact));
        }

        /** Creates a cell with a tick for yes and without words for no; in files, 1 and 0. */
        public static Cell tick(boolean yes) {
            return new Cell(yes ? "✓" : "", yes ? "1" : "0");
        }

        /** Creates a cell of a number; in files, a number that is not finite counts as a missing value. */
        public static Cell of(String shown, double exact) {
            return new Cell(shown, Double.isFinite(exact) ? Decimals.shortest(exact) : "");
        }
    }

    public Sheet {
        columns = List.copyOf(columns);
        rows = rows.stream().map(List::copyOf).toList();
        for (List<Cell> row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException(
                        "a row of %s cells in a table of %s columns".formatted(row.size(), columns.size()));
            }
        }
    }

    /** Returns a table without rows and columns. */
    public static Sheet empty() {
        return new Sheet(List.of(), List.of());
    }

    /** Returns this table without the columns that have no value in any row. */
    public Sheet withoutEmptyColumns() {
        List<Integer> filled =
                IntStream.range(0, columns.size()).filter(this::holds).boxed().toList();
        return new Sheet(
                filled.stream().map(columns::get).toList(),
                rows.stream().map(row -> filled.stream().map(row::get).toList()).toList());
    }

    /** Returns true if a column has a value in any row. */
    boolean holds(int column) {
        return rows.stream().anyMatch(row -> !row.get(column).exact().isEmpty());
    }

    /** Returns the table as CSV (RFC 4180) with a header and all digits. Lines end with a line feed. */
    public String csv() {
        return text(",", column -> csvField(column.name()), cell -> csvField(cell.exact()));
    }

    /** Returns the table as shown in the window, with tabs between the columns, for pasting into a document. */
    public String tsv() {
        return text("\t", column -> withoutTabs(column.title()), cell -> withoutTabs(cell.shown()));
    }

    private String text(String between, Function<Column, String> title, Function<Cell, String> value) {
        return line(between, columns, title)
                + rows.stream().map(row -> line(between, row, value)).collect(Collectors.joining());
    }

    private static <T> String line(String between, List<T> fields, Function<T, String> words) {
        return fields.stream().map(words).collect(Collectors.joining(between, "", "\n"));
    }

    private static String csvField(String words) {
        String quoted = CsvText.quoted(words);
        return quoted.equals(words) ? withoutTabs(words) : quoted;
    }

    private static String withoutTabs(String words) {
        return words.replace('\t', ' ');
    }
}
