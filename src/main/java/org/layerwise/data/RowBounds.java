package org.layerwise.data;

import java.nio.file.Path;
import org.layerwise.base.ByteWords;
import org.layerwise.base.UserException;

/** The largest row of a data file that is read. Larger ones are refused before DuckDB sees them. */
final class RowBounds {

    /** Bytes of a row of a text file, unpacked: 64 MiB. */
    static final int LONGEST = 64 << 20;

    /** Levels of lists and objects in a cell of JSON: as many as Jackson reads. DuckDB's stack ends at about 8,000. */
    static final int DEEPEST = 1000;

    private RowBounds() {}

    /** @param row from 1 */
    static UserException tooLong(Path file, long row) {
        return new UserException(
                "Row %s of %s is longer than %s, the most that a row may have; shorten it or leave it out."
                        .formatted(row, file, ByteWords.of(LONGEST)));
    }

    /** @param row from 1 */
    static UserException tooDeep(Path file, long row) {
        return new UserException(
                "Row %s of %s nests lists or objects more than %s levels deep, the most that are read; flatten it or leave it out."
                        .formatted(row, file, DEEPEST));
    }
}
