package org.layerwise.gui.common;

import static org.layerwise.gui.common.Messages.text;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.layerwise.gui.common.Sheet.Cell;

/** Summarizes a table in a few sentences, as a text alternative to its chart. */
public final class SheetSummary {

    private static final int MOST_COLUMNS = 6;

    private SheetSummary() {}

    /** Value with the label of its row. */
    private record Found(double value, String digits, String row) {}

    /**
     * Returns the number of rows, and the minimum and maximum of each number column. For a matrix, returns the minimum
     * and maximum of all cells.
     */
    public static String of(Sheet sheet) {
        if (sheet.rows().isEmpty()) {
            return text("sheet.empty");
        }
        List<Integer> numbers = IntStream.range(1, sheet.columns().size())
                .filter(at -> sheet.columns().get(at).number() && sheet.holds(at))
                .boxed()
                .toList();
        List<String> sentences = new ArrayList<>();
        sentences.add(text("chart.summary.rows", sheet.rows().size()));
        if (numbers.size() > MOST_COLUMNS) {
            add(sentences, text("chart.summary.cells"), sheet, numbers);
        } else {
            numbers.forEach(at -> add(sentences, sheet.columns().get(at).title(), sheet, List.of(at)));
        }
        return String.join(" ", sentences);
    }

    private static void add(List<String> sentences, String what, Sheet sheet, List<Integer> columns) {
        List<Found> found = sheet.rows().stream()
                .flatMap(row -> columns.stream()
                        .filter(at -> !row.get(at).exact().isEmpty())
                        .map(at -> found(row, at)))
                .toList();
        if (!found.isEmpty()) {
            Found least = Collections.min(found, Comparator.comparingDouble(Found::value));
            Found largest = Collections.max(found, Comparator.comparingDouble(Found::value));
            String key = sheet.columns().get(0).title();
            sentences.add(
                    text("chart.summary.column", what, least.digits, key, least.row, largest.digits, key, largest.row));
        }
    }

    private static Found found(List<Cell> row, int at) {
        String digits = row.get(at).exact();
        return new Found(Double.parseDouble(digits), digits, row.get(0).shown());
    }
}
