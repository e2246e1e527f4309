package org.layerwise.training;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Rows of the data for people, who count from 1. */
final class RowNumbers {

    private static final int SHOWN = 8;

    private RowNumbers() {}

    /** For example {@code row 3}, {@code rows 3, 7} or {@code rows 1, 2, 3, 4, 5, 6, 7, 8 and 24 more}. */
    static String text(int[] rows) {
        String numbers = Arrays.stream(rows)
                .limit(SHOWN)
                .mapToObj(row -> Integer.toString(row + 1))
                .collect(Collectors.joining(", "));
        String more = rows.length > SHOWN ? " and %d more".formatted(rows.length - SHOWN) : "";
        return (rows.length == 1 ? "row " : "rows ") + numbers + more;
    }
}
