package org.layerwise.data.file;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.data.ColumnMapping;
import org.layerwise.data.SamplingMode;
import org.layerwise.data.Split;
import org.layerwise.data.TaskPreset;
import org.layerwise.data.sample.SampleTasks;

/**
 * Location of data and the part of the data to read.
 *
 * @param location path of a file ({@code .tsv .csv .jsonl .ndjson .json .parquet}, the first four also with
 *     {@code .gz}), of several as in {@code data/*.parquet}, or of a folder of them; or the name of a sample task such
 *     as {@code sample:definitions}
 * @param columns roles of the columns
 * @param limit maximum number of rows; null for all
 * @param split part of a sample task, or of a folder that has files for both parts; has no effect on single files
 * @param preset a kind of dataset whose columns are known; null to find columns by their default names
 * @param sampling choice of the rows if there are more than {@code limit}
 * @param seed seed of the rows that are drawn
 */
public record DataSource(
        String location,
        ColumnMapping columns,
        @Nullable Integer limit,
        Split split,
        @Nullable TaskPreset preset,
        SamplingMode sampling,
        long seed) {

    /**
     * Creates a source.
     *
     * @throws UserException if the limit is not positive
     */
    public DataSource {
        if (limit != null && limit < 1) {
            throw new UserException("The number of samples must be at least 1, not %s.".formatted(limit));
        }
    }

    /** Creates a source of the first rows, without a preset. */
    public DataSource(String location, ColumnMapping columns, @Nullable Integer limit, Split split) {
        this(location, columns, limit, split, null, SamplingMode.FIRST, 0);
    }

    /**
     * Returns a source of all rows of a file, or of the training part of a sample task, with columns found by their
     * default names.
     */
    public static DataSource of(String location) {
        return new DataSource(location, ColumnMapping.DEFAULTS, null, Split.TRAIN);
    }

    /** Returns this source with the columns of a kind of dataset; null for the default names. */
    public DataSource withPreset(@Nullable TaskPreset other) {
        return new DataSource(location, columns, limit, split, other, sampling, seed);
    }

    /** Returns this source with another choice of rows. */
    public DataSource withSampling(SamplingMode other, long otherSeed) {
        return new DataSource(location, columns, limit, split, preset, other, otherSeed);
    }

    /** Returns this source with another maximum number of rows; null for all. */
    public DataSource withLimit(@Nullable Integer other) {
        return new DataSource(location, columns, other, split, preset, sampling, seed);
    }

    /**
     * Returns the files that the rows of both parts are read from; empty for a sample task, and if no file can be
     * found.
     */
    public List<Path> files() {
        if (sample()) {
            return List.of();
        }
        return Arrays.stream(Split.values())
                .flatMap(part -> DataFiles.there(location, preset, part).stream())
                .distinct()
                .toList();
    }

    /** Returns true if this is a sample task, or there is a file to read. */
    public boolean exists() {
        return sample() || !files().isEmpty() || ScienceQaFolder.find(this) != null;
    }

    /**
     * Requires that the source {@linkplain #exists exists}.
     *
     * @throws UserException if it does not
     */
    public void requireExisting() {
        if (!exists()) {
            DataFiles.find(location, preset, split);
        }
    }

    /**
     * Returns true if rows of this source are known to be among those of another: both read the same file, or parts of
     * a sample task that share rows.
     */
    public boolean sharesRowsWith(DataSource other) {
        return sample() || other.sample()
                ? sample() && other.sample() && SampleTasks.trainsOnValidation(location, other.location)
                : !Collections.disjoint(filesOfPart(), other.filesOfPart());
    }

    private Set<Path> filesOfPart() {
        return DataFiles.there(location, preset, split).stream()
                .map(file -> file.toAbsolutePath().normalize())
                .collect(Collectors.toSet());
    }

    /** Returns true if this is a sample task and not a file. */
    public boolean sample() {
        return SampleTasks.isSample(location);
    }
}
