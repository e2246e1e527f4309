package org.layerwise.data;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;

/**
 * Where data come from and which part of them is wanted.
 *
 * @param location path of a file ({@code .tsv .csv .jsonl .ndjson .json .parquet}, the first four also with {@code .gz}), of
 *     several as in {@code data/*.parquet}, or of a folder of them; or the name of a sample task such as {@code
 *     sample:definitions}
 * @param columns which columns hold what
 * @param limit only so many rows; null for all
 * @param split part of a sample task, or of a folder that has files for both; without meaning for files
 * @param preset a kind of dataset whose columns are known; null to find columns by their usual names
 * @param sampling which rows are taken if there are more than {@code limit}
 * @param seed of the rows that are drawn
 */
public record DataSource(
        String location,
        ColumnMapping columns,
        @Nullable Integer limit,
        Split split,
        @Nullable TaskPreset preset,
        Sampling sampling,
        long seed) {

    /** @throws UserException if the limit is not positive */
    public DataSource {
        if (limit != null && limit < 1) {
            throw new UserException("The number of samples must be at least 1, not %s.".formatted(limit));
        }
    }

    /** The first rows, without a preset. */
    public DataSource(String location, ColumnMapping columns, @Nullable Integer limit, Split split) {
        this(location, columns, limit, split, null, Sampling.FIRST, 0);
    }

    /** All rows of a file, or of the training part of a sample task; columns by their usual names. */
    public static DataSource of(String location) {
        return new DataSource(location, ColumnMapping.USUAL, null, Split.TRAIN);
    }

    /** The same with the columns that a kind of dataset has; null for the usual ones. */
    public DataSource withPreset(@Nullable TaskPreset other) {
        return new DataSource(location, columns, limit, split, other, sampling, seed);
    }

    /** The same with other rows. */
    public DataSource withSampling(Sampling other, long otherSeed) {
        return new DataSource(location, columns, limit, split, preset, other, otherSeed);
    }

    /** The same with at most so many rows; null for all. */
    public DataSource withLimit(@Nullable Integer other) {
        return new DataSource(location, columns, other, split, preset, sampling, seed);
    }

    /** The files that its rows, of both parts, are read from; empty for a sample task, and where nothing can be read. */
    public List<Path> files() {
        if (sample()) {
            return List.of();
        }
        return Arrays.stream(Split.values())
                .flatMap(part -> DataFiles.there(location, preset, part).stream())
                .distinct()
                .toList();
    }

    /** Whether this is a sample task and not a file. */
    public boolean sample() {
        return SampleTasks.isSample(location);
    }
}
