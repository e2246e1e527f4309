package org.layerwise.data;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of one file are read.
 *
 * @param first the most rows from the first one on; null for all. Without meaning where rows are named
 * @param rows the rows by their numbers from 0, ascending; null for the first ones
 */
record Take(Path file, @Nullable Long first, long @Nullable [] rows) {

    /** The same, but no more than so many rows. */
    Take atMost(long most) {
        return rows != null || most == Long.MAX_VALUE ? this : new Take(file, most, null);
    }

    /** Whether it is known that there is nothing to read. */
    boolean empty() {
        return rows != null && rows.length == 0;
    }
}
