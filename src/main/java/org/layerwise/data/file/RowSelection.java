package org.layerwise.data.file;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one file that are read.
 *
 * @param first maximum number of rows, from the first row; null for all. Has no effect if {@code rows} is not null
 * @param rows numbers of the rows, from 0, ascending; null for the first rows
 */
record RowSelection(Path file, @Nullable Long first, long @Nullable [] rows) {

    /** Returns these rows, but at most {@code most} rows. */
    RowSelection atMost(long most) {
        return rows != null || most == Long.MAX_VALUE ? this : new RowSelection(file, most, null);
    }

    /** Returns true if there are certainly no rows to read. */
    boolean empty() {
        return rows != null && rows.length == 0;
    }
}
