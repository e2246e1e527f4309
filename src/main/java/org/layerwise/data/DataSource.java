package org.layerwise.data;

import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;

/**
 * Where data come from and which part of them is wanted.
 *
 * @param location path of a file ({@code .tsv .csv .jsonl .ndjson .json .parquet}), or the name of a sample task such as
 *     {@code sample:definitions}
 * @param columns which columns hold what
 * @param limit only the first so many rows in file order; null for all
 * @param split part of a sample task; without meaning for files
 */
public record DataSource(String location, ColumnMapping columns, @Nullable Integer limit, Split split) {

    /** @throws UserException if the limit is not positive */
    public DataSource {
        if (limit != null && limit < 1) {
            throw new UserException("The number of samples must be at least 1, not %d.".formatted(limit));
        }
    }

    /** All rows of a file, or of the training part of a sample task; columns by their usual names. */
    public static DataSource of(String location) {
        return new DataSource(location, ColumnMapping.USUAL, null, Split.TRAIN);
    }

    /** Whether this is a sample task and not a file. */
    public boolean sample() {
        return SampleTasks.isSample(location);
    }
}
