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
}
