package org.layerwise.data.file;

import java.util.Iterator;
import java.util.stream.IntStream;
import org.layerwise.data.Dataset;
import org.layerwise.data.batch.Batches;

/**
 * Rows of a source as successive datasets with a maximum number of rows. Memory contains only one of the datasets at a
 * time, and eight bytes per row if rows are drawn. All chunks number their classes in the same way. Not thread-safe;
 * must be closed at the end, and when iteration stops early.
 */
public interface DatasetChunks extends AutoCloseable, Iterator<Dataset> {

    /**
     * Reads the next rows and returns true if there are any.
     *
     * @throws org.layerwise.base.UserException if a file is broken, or a row lacks its text, its tokens or its label
     */
    @Override
    boolean hasNext();

    /** Returns the next rows, as {@link DatasetReader#read} would return them. */
    @Override
    Dataset next();

    @Override
    void close();

    /** Creates chunks of rows that are in memory. */
    static DatasetChunks of(Dataset data, int rowsPerChunk) {
        Iterator<int[]> rows = Batches.chunks(IntStream.range(0, data.size()).toArray(), rowsPerChunk)
                .iterator();
        return new DatasetChunks() {
            @Override
            public boolean hasNext() {
                return rows.hasNext();
            }

            @Override
            public Dataset next() {
                return data.select(rows.next());
            }

            @Override
            public void close() {
                // nothing to close
            }
        };
    }
}
