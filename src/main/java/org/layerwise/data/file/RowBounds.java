package org.layerwise.data.file;

import java.nio.file.Path;
import org.layerwise.base.ByteSize;
import org.layerwise.base.UserException;

/** Limits for the rows of a data file. Larger rows are refused before DuckDB reads them. */
final class RowBounds {

    /** Maximum size of a row of a text file, decompressed, in bytes: 64 MiB. */
    static final int LONGEST = 64 << 20;

    /**
     * Maximum number of levels of lists and objects in a JSON cell, the limit of Jackson. DuckDB's stack overflows at
     * about 8,000.
     */
    static final int DEEPEST = 1000;

    /**
     * Maximum number of fields of a JSON row, and of columns of a Parquet file. DuckDB takes time with the square of the number of columns to list them:
     * about 2 seconds for these, a minute for 100,000.
     */
    static final int MOST_FIELDS = 20_000;

    /** Maximum number of different fields of all rows of a JSON file together. */
    static final int MOST_DIFFERENT_FIELDS = 2 * MOST_FIELDS;

    private RowBounds() {}

    /**
     * Returns the exception for a row that is too long.
     *
     * @param row number of the row, from 1
     */
    static UserException tooLong(Path file, long row) {
        return new UserException(
                "Row %s of %s is longer than %s, the most that a row may have; shorten it or leave it out."
                        .formatted(row, file, ByteSize.of(LONGEST)));
    }

    /**
     * Returns the exception for a row that nests too deeply.
     *
     * @param row number of the row, from 1
     */
    static UserException tooDeep(Path file, long row) {
        return new UserException(
                "Row %s of %s nests lists or objects more than %s levels deep, the most that are read; flatten it or leave it out."
                        .formatted(row, file, DEEPEST));
    }

    /**
     * Returns the exception for a row that has too many fields.
     *
     * @param row number of the row, from 1
     */
    static UserException tooWide(Path file, long row) {
        return new UserException(
                "Row %s of %s has more than %s fields, the most that a row may have; put numbers that belong together into a list, or leave out fields that are not read."
                        .formatted(row, file, MOST_FIELDS));
    }

    /**
     * Returns the exception for rows whose fields have too many different names, or too long ones.
     *
     * @param row number of the row with the name that is too many, from 1
     */
    static UserException tooManyFields(Path file, long row) {
        return new UserException(
                "The rows of %s have more than %s different fields, or more than %s of their names, by row %s; put numbers that belong together into a list, or leave out fields that are not read."
                        .formatted(file, MOST_DIFFERENT_FIELDS, ByteSize.of(LONGEST), row));
    }

    /** Returns the exception for a Parquet file that has too many columns. */
    static UserException tooManyColumns(Path file) {
        return new UserException(
                "%s has more than %s columns, the most that are read; put numbers that belong together into a list, or leave out columns that are not read."
                        .formatted(file, MOST_FIELDS));
    }
}
