package org.layerwise.data.file;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    /**
     * Returns these rows in the order of the file. A join of DuckDB returns rows in another order: it holds back small
     * blocks of rows, and larger ones pass them. Rows that come early are kept until their turn; rows after one that the
     * result lacks are left out, so that the caller misses rows.
     *
     * @param numbers numbers of the rows, ascending; the first column is the number of a row
     */
    RowCursor inOrder(long[] numbers) {
        return new InOrder(this, numbers);
    }

    private static final class InOrder extends RowCursor {

        private final RowCursor rows;
        private final long[] numbers;
        private final Map<Long, @Nullable String[]> early = new HashMap<>();
        private int next;

        private InOrder(RowCursor rows, long[] numbers) {
            this.rows = rows;
            this.numbers = numbers;
        }

        @Override
        boolean fetch(Collection<@Nullable String[]> block) {
            List<@Nullable String[]> fetched = new ArrayList<>();
            boolean ended = rows.fetch(fetched);
            fetched.forEach(cells -> early.put(Long.parseLong(String.valueOf(cells[0])), cells));
            while (next < numbers.length) {
                @Nullable String @Nullable [] cells = early.remove(numbers[next]);
                if (cells == null) {
                    break;
                }
                block.add(cells);
                next++;
            }
            return ended;
        }

        @Override
        public void close() {
            rows.close();
        }
    }
}
