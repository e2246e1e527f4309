package org.layerwise.data.file;

import java.nio.file.Path;
import org.layerwise.base.Progress;
import org.layerwise.data.LabelUse;

/** Opens the files of a dataset. One other process serves those of Parquet that are read in turn. Must be closed. */
record DataFileOpener(DataSource source, Progress progress, DuckDbProcessPool processes) implements AutoCloseable {

    DataFileOpener(DataSource source, Progress progress) {
        this(source, progress, new DuckDbProcessPool());
    }

    /**
     * Opens a file and finds its columns.
     *
     * @param streamed true to get results row by row instead of all at once; the results of a broken file may then end
     *     without an error
     * @throws org.layerwise.base.UserException if it cannot be read, or a column is missing
     */
    DataFile open(Path file, LabelUse use, boolean streamed) {
        return DataFile.open(file, source, use, streamed, processes, progress);
    }

    @Override
    public void close() {
        processes.close();
    }
}
