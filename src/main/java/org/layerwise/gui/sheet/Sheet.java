package org.layerwise.gui.sheet;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A table of results: what people see and what files get. The same columns in both.
 *
 * @param columns from left to right
 * @param rows each with a cell a column
 */
public record Sheet(List<Column> columns, List<List<Cell>> rows) {

    /**
     * A column.
     *
     * @param title as people read it
     * @param name as files have it
     * @param tip what it is, in one sentence; may be empty
     * @param number whether it holds numbers, which stand at the right
     */
    public record Column(String title, String name, String tip, boolean number) {}

    /**
     * A cell.
     *
     * @param shown rounded for people
     * @param exact all digits, for files; empty where there is no value
     */
    public record Cell(String shown, String exact) {

        /** Where there is no value. */
        public static final Cell NONE = new Cell("–", "");

        /** Words, which are the same for people and files. */
        public static Cell of(String words) {
            return new Cell(words, words);
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

    /** One without rows. */
    public static Sheet empty() {
        return new Sheet(List.of(), List.of());
    }

    /** The same without columns that hold no value in any row: nobody wants to look at them. */
    public Sheet withoutEmptyColumns() {
        List<Integer> filled = IntStream.range(0, columns.size())
                .filter(column ->
                        rows.stream().anyMatch(row -> !row.get(column).exact().isEmpty()))
                .boxed()
                .toList();
        return new Sheet(
                filled.stream().map(columns::get).toList(),
                rows.stream().map(row -> filled.stream().map(row::get).toList()).toList());
    }

    /** As RFC 4180 has it, with a header, all digits and a line feed at each line's end. */
    public String csv() {
        return lines(',', true);
    }

    /** What people see, with tabs between the columns, to paste it into a document. */
    public String tsv() {
        return lines('\t', false);
    }

    private String lines(char between, boolean file) {
        StringBuilder text = new StringBuilder();
        line(
                text,
                between,
                columns.stream()
                        .map(column -> file ? column.name() : column.title())
                        .toList());
        for (List<Cell> row : rows) {
            line(
                    text,
                    between,
                    row.stream().map(cell -> file ? cell.exact() : cell.shown()).toList());
        }
        return text.toString();
    }

    private static void line(StringBuilder text, char between, List<String> fields) {
        for (int at = 0; at < fields.size(); at++) {
            String field = fields.get(at);
            boolean quoted = between == ',' && field.matches("(?s).*[,\"\\r\\n].*");
            text.append(at == 0 ? "" : between)
                    .append(quoted ? '"' + field.replace("\"", "\"\"") + '"' : field.replace('\t', ' '));
        }
        text.append('\n');
    }
}
