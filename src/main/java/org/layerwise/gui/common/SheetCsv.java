package org.layerwise.gui.common;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.layerwise.gui.common.Sheet.Cell;
import org.layerwise.gui.common.Sheet.Column;

/** Reads CSV files as tables with all digits of the file. */
public final class SheetCsv {

    // empty instead of a dash, so that pasted columns hold numbers only
    private static final Cell NOTHING = new Cell("", "");

    private SheetCsv() {}

    /**
     * Reads a table in CSV format (RFC 4180). The first line is the header. Lines that are too short are filled with
     * empty cells.
     *
     * @throws IllegalArgumentException if a line is longer than the header
     */
    public static Sheet read(String csv) {
        List<List<String>> lines = lines(csv);
        if (lines.isEmpty()) {
            return Sheet.empty();
        }
        List<String> header = lines.get(0);
        List<List<Cell>> rows = new ArrayList<>();
        for (List<String> line : lines.subList(1, lines.size())) {
            List<Cell> row = new ArrayList<>();
            line.forEach(field -> row.add(field.isEmpty() ? NOTHING : Cell.of(field)));
            row.addAll(Collections.nCopies(Math.max(0, header.size() - line.size()), NOTHING));
            rows.add(row);
        }
        List<Column> columns = IntStream.range(0, header.size())
                .mapToObj(at -> new Column(title(header.get(at)), header.get(at), "", numbers(rows, at)))
                .toList();
        return new Sheet(columns, rows);
    }

    private static String title(String name) {
        String words = name.replace('_', ' ');
        return words.isEmpty() ? words : words.substring(0, 1).toUpperCase(Locale.ENGLISH) + words.substring(1);
    }

    private static boolean numbers(List<List<Cell>> rows, int at) {
        return rows.stream()
                .map(row -> row.get(at).exact())
                .allMatch(field -> field.isEmpty() || field.matches("-?\\d+(\\.\\d+)?([eE][-+]?\\d+)?"));
    }

    private static List<List<String>> lines(String csv) {
        List<List<String>> lines = new ArrayList<>();
        List<String> line = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int at = 0; at < csv.length(); at++) {
            char letter = csv.charAt(at);
            if (quoted) {
                if (letter != '"') {
                    field.append(letter);
                } else if (at + 1 < csv.length() && csv.charAt(at + 1) == '"') {
                    field.append(letter);
                    at++;
                } else {
                    quoted = false;
                }
            } else if (letter == '"') {
                quoted = true;
            } else if (letter == ',' || letter == '\n') {
                line.add(field.toString());
                field.setLength(0);
                if (letter == '\n') {
                    lines.add(line);
                    line = new ArrayList<>();
                }
            } else if (letter != '\r') {
                field.append(letter);
            }
        }
        if (field.length() > 0 || !line.isEmpty()) {
            line.add(field.toString());
            lines.add(line);
        }
        return lines;
    }
}
