package org.layerwise.gui.common;

import static org.layerwise.gui.common.Messages.text;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
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
                .filter(at -> sheet.columns().get(at).number()
                        && sheet.rows().stream()
                                .anyMatch(row -> !row.get(at).exact().isEmpty()))
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
        Found least = null;
        Found largest = null;
        for (List<Cell> row : sheet.rows()) {
            for (int at : columns) {
                Found found = found(row, at);
                if (found != null && (least == null || found.value < least.value)) {
                    least = found;
                }
                if (found != null && (largest == null || found.value > largest.value)) {
                    largest = found;
                }
            }
        }
        if (least != null && largest != null) {
            String key = sheet.columns().get(0).title();
            sentences.add(
                    text("chart.summary.column", what, least.digits, key, least.row, largest.digits, key, largest.row));
        }
    }

    private static @Nullable Found found(List<Cell> row, int at) {
        String digits = row.get(at).exact();
        return digits.isEmpty()
                ? null
                : new Found(Double.parseDouble(digits), digits, row.get(0).shown());
    }
}
