package org.layerwise.data.file;

import java.util.ArrayDeque;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;

/** Cursor over the rows of a query, which are fetched in blocks. A row is an array of its columns, in order; null is SQL's NULL. */
abstract class RowCursor implements AutoCloseable {

    private final ArrayDeque<@Nullable String[]> block = new ArrayDeque<>();
    private boolean ended;

    /**
     * Returns the next row; null after the last one.
     *
     * @throws UserException if the file cannot be read further
     * @throws org.layerwise.base.CancelledException if the progress of the database was cancelled
     */
    @Nullable
    String @Nullable [] next() {
        while (block.isEmpty() && !ended) {
            ended = fetch(block);
        }
        return block.poll();
    }

    /**
     * Fetches a block of rows; returns true if the result ended.
     *
     * @param rows collection to which the rows are added
     * @throws UserException as {@link #next}
     */
    abstract boolean fetch(Collection<@Nullable String[]> rows);

    @Override
    public abstract void close();
}
