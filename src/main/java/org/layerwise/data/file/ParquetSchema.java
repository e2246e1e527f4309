package org.layerwise.data.file;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.layerwise.base.UserException;
import org.layerwise.data.Excerpt;

/**
 * Outermost columns of a Parquet file as its metadata state them, in file order.
 *
 * @param names names as written in the file
 * @param precisions maximum number of digits of the decimals in each column or nested in it; 0 for none
 */
record ParquetSchema(List<String> names, List<Long> precisions) {

    /** Maximum number of digits of a decimal. DuckDB reads wider ones as {@code DOUBLE}, most of them wrongly. */
    private static final int MOST_DIGITS = 38;

    /** Name of DuckDB's own column with the row's number, from 0. */
    private static final String ROW_NUMBER = "file_row_number";

    /** Reads the columns of a file. */
    static ParquetSchema of(Path file, SqlDatabase database) {
        List<String> names = new ArrayList<>();
        List<Long> precisions = new ArrayList<>();
        long[] nested = {-1}; // an element is followed by its children; the first one is the root
        database.query(
                "SELECT name, coalesce(num_children, 0), coalesce(precision, 0) FROM parquet_schema(%s)"
                        .formatted(DuckDb.path(file)),
                cells -> {
                    long precision = Long.parseLong(String.valueOf(cells[2]));
                    if (nested[0] > 0) {
                        int last = names.size() - 1;
                        precisions.set(last, Math.max(precisions.get(last), precision));
                        nested[0]--;
                    } else if (nested[0] == 0) {
                        names.add(String.valueOf(cells[0]));
                        precisions.add(precision);
                    }
                    nested[0] = nested[0] < 0 ? 0 : nested[0] + Long.parseLong(String.valueOf(cells[1]));
                });
        return new ParquetSchema(List.copyOf(names), List.copyOf(precisions));
    }

    /**
     * Makes sure that DuckDB reads some columns correctly.
     *
     * @throws UserException if one of them has decimals of more than 38 digits, or any column of the file has the name
     *     of the row numbers
     */
    void requireReadable(Path file, Collection<String> columns) {
        for (String name : names) {
            if (name.equalsIgnoreCase(ROW_NUMBER)) {
                throw new UserException(
                        "%s has a column named \"%s\", the name that DuckDB gives the numbers of the rows; rename it or leave it out."
                                .formatted(file, name));
            }
        }
        for (String column : columns) {
            int index = names.indexOf(column);
            if (index >= 0 && precisions.get(index) > MOST_DIGITS) {
                throw new UserException(
                        "Column \"%s\" of %s holds decimals of up to %s digits, and at most %s are read; write it as decimal(%s, …) or float64."
                                .formatted(
                                        Excerpt.text(column), file, precisions.get(index), MOST_DIGITS, MOST_DIGITS));
            }
        }
    }
}
