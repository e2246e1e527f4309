package org.layerwise.data;

import java.util.Iterator;
import java.util.stream.IntStream;

/**
 * The rows of a source in datasets of at most so many rows each, one after another: memory holds one of them at a time, however
 * many rows there are (and eight bytes a row where they are drawn). All chunks number their classes in the same way. Not safe
 * for several threads; close it when done, or when stopping early.
 */
public interface DatasetChunks extends AutoCloseable, Iterator<Dataset> {

    /**
     * Whether there are more rows; reads them.
     *
     * @throws org.layerwise.base.UserException if a file is broken, or a row lacks what it needs
     */
    @Override
    boolean hasNext();

    /** The next rows, as {@link DatasetReader#read} would give them. */
    @Override
    Dataset next();

    @Override
    void close();

    /** Of rows that are in memory. */
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
                // nothing is open
            }
        };
    }
}
