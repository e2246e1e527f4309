package org.layerwise.data;

import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;

/** Lists of whole numbers as DuckDB writes them: {@code [1,2]} from JSON, {@code [1, 2]} from Parquet. */
public final class TokenLists {

    private TokenLists() {}

    /** Returns true if a cell is a list with any content. */
    public static boolean isList(@Nullable String cell) {
        return cell != null && cell.stripLeading().startsWith("[");
    }

    /**
     * Returns the numbers of a list.
     *
     * @param row index of the row, from 0
     * @throws UserException if the list is missing or not a list of whole numbers
     */
    public static long[] parse(RowPositions places, String column, int row, @Nullable String cell) {
        String list = cell == null ? "" : cell.strip();
        if (!list.startsWith("[") || !list.endsWith("]")) {
            throw noList(places, column, row, null);
        }
        String inner = list.substring(1, list.length() - 1).strip();
        if (inner.isEmpty()) {
            return new long[0];
        }
        String[] parts = inner.split(",", -1);
        long[] numbers = new long[parts.length];
        try {
            for (int i = 0; i < parts.length; i++) {
                numbers[i] = Long.parseLong(parts[i].strip());
            }
        } catch (NumberFormatException e) {
            throw noList(places, column, row, e);
        }
        return numbers;
    }

    private static UserException noList(
            RowPositions places, String column, int row, @Nullable NumberFormatException cause) {
        String message = "%s has no list of whole numbers in column \"%s\".".formatted(places.at(row), column);
        return cause == null ? new UserException(message) : new UserException(message, cause);
    }
}
