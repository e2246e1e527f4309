package org.layerwise.data.file;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.BackgroundTask;
import org.layerwise.base.CancelledException;
import org.layerwise.base.EarlyStart;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.ColumnMapping;
import org.layerwise.data.Dataset;
import org.layerwise.data.LabelUse;
import org.layerwise.data.Labels;
import org.layerwise.data.SampleChoice;
import org.layerwise.data.SamplingMode;
import org.layerwise.data.TaskPreset;
import org.layerwise.data.sample.SampleTasks;

/**
 * Reads datasets from files (with DuckDB) and from the sample tasks. A file with a column {@code input_ids} contains
 * pre-tokenised data (with {@code token_type_ids} and {@code labels}, as HuggingFace's data sets name them). Every
 * other file contains text, and a file with {@code input_ids} is also read as text if a text column is requested.
 */
public final class DatasetReader {

    private final SampleTasks samples;
    private final AtomicReference<@Nullable EarlyRows> early = new AtomicReference<>();

    public DatasetReader() {
        this(new SampleTasks());
    }

    /** Creates a reader with a source of sample tasks. */
    public DatasetReader(SampleTasks samples) {
        this.samples = samples;
    }

    /** Reads as {@link #read(DataSource, LabelUse, Progress)} with {@link LabelUse#AUTO}. */
    public Dataset read(DataSource source, Progress progress) {
        return read(source, LabelUse.AUTO, progress);
    }

    /**
     * Loads on a thread of its own the library that will read the data, beside other work. A failure is reported by the
     * methods that read.
     */
    public void begin(DataSource source) {
        if (source.sample()) {
            return;
        }
        EarlyStart.begin("load duckdb", () -> {
            DataFiles files = DataFiles.find(source.location(), source.preset(), source.split());
            Path first = files.files().get(0);
            if (FileFormat.of(first) != FileFormat.PARQUET) { // another process reads Parquet
                DuckDb.load(first);
            }
        });
    }

    /**
     * Starts to read rows on a thread of its own, beside other work. The next call of {@link #read(DataSource, LabelUse,
     * Progress)} returns these rows if it asks for the same source and use, with their remarks or their failure.
     */
    public void begin(DataSource source, LabelUse use) {
        BackgroundTask<Dataset> reading = BackgroundTask.start("read rows", progress -> readNow(source, use, progress));
        replace(new EarlyRows(source, use, reading));
    }

    /**
     * Returns a test of the rows that were begun, empty if there are none: true if they are text, for which it waits; false
     * if they cannot be read.
     */
    public Optional<Predicate<Progress>> earlyText() {
        return Optional.ofNullable(early.get()).map(rows -> rows::areText);
    }

    /** Stops a reading that was begun and that nobody asked for. */
    public void stopEarly() {
        replace(null);
    }

    private void replace(@Nullable EarlyRows rows) {
        EarlyRows before = early.getAndSet(rows);
        if (before != null) {
            before.close();
        }
    }

    /**
     * Reads all rows, or {@code source.limit()} rows, in file order. Messages count rows from 1, without the header.
     *
     * @throws UserException if a file is missing, broken, of an unknown kind or empty, a column is missing, or a row
     *     lacks its text, its tokens or its label
     * @throws org.layerwise.base.CancelledException if the progress was cancelled
     */
    public Dataset read(DataSource source, LabelUse use, Progress progress) {
        try (EarlyRows rows = early.getAndSet(null)) {
            if (rows != null && rows.are(source, use)) {
                progress.report(0, "Reading rows");
                Dataset read = rows.reading().await(progress);
                progress.report(1, "Read %s rows".formatted(read.size()));
                return read;
            }
        }
        return readNow(source, use, progress);
    }

    private Dataset readNow(DataSource source, LabelUse use, Progress progress) {
        if (source.sample()) {
            return sample(source, progress);
        }
        ScienceQaFolder scienceQa = ScienceQaFolder.find(source);
        if (scienceQa != null) {
            return scienceQa.read(source, use, progress);
        }
        DataFiles files = DataFiles.find(source.location(), source.preset(), source.split());
        progress.report(0, "Reading " + files.files().get(0).getFileName());
        Integer limit = source.limit();
        RawColumns cells = new RawColumns(limit == null ? null : (long) limit, progress);
        ColumnRoles first = null;
        try (DataFileOpener shards = new DataFileOpener(source, progress)) {
            for (RowSelection take : new RowPlan(files, source, use, shards, progress).takes()) {
                progress.check();
                long left = limit == null ? Long.MAX_VALUE : limit - cells.rows();
                if (left <= 0) {
                    break;
                }
                if (take.empty()) {
                    continue;
                }
                try (DataFile shard = shards.open(take.file(), use, false)) {
                    if (first == null) {
                        first = shard.roles();
                    }
                    first.requireSame(shard.roles());
                    cells.begin(shard.roles());
                    shard.read(take.atMost(left), cells);
                }
            }
        }
        if (first == null || cells.rows() == 0) {
            throw empty(source);
        }
        progress.report(1, "Read %s rows".formatted(cells.rows()));
        Dataset data = new DatasetBuilder(files.name(), source, use).of(first, cells);
        DataRemarks.of(source, first, data).forEach(progress::note);
        return data;
    }

    /**
     * Reads the rows of {@link #read(DataSource, LabelUse, Progress)} in chunks, for data that do not fit into memory.
     *
     * @param rowsPerChunk the maximum number of rows per chunk
     * @return chunks that the caller must close
     * @throws UserException as {@link #read(DataSource, LabelUse, Progress)}; faults of a row are thrown when its chunk
     *     is read
     */
    public DatasetChunks chunks(DataSource source, LabelUse use, int rowsPerChunk, Progress progress) {
        if (source.sample() || ScienceQaFolder.find(source) != null) {
            return DatasetChunks.of(read(source, use, progress), rowsPerChunk);
        }
        DataFiles files = DataFiles.find(source.location(), source.preset(), source.split());
        DataFileOpener shards = new DataFileOpener(source, progress);
        try {
            return new FileChunks(
                    files, source, use, rowsPerChunk, ClassNumbers.of(files, source, use, shards), shards, progress);
        } catch (RuntimeException e) {
            shards.close();
            throw e;
        }
    }

    static UserException empty(DataSource source) {
        return new UserException(
                source.preset() == TaskPreset.SCIENCE_QA
                        ? "%s has no row with an image; name data that have some.".formatted(source.location())
                        : "%s is empty: it has a header but no rows.".formatted(source.location()));
    }

    /**
     * Reads a sample task. Sample tasks are small and part of the program, so rows are drawn after all have been read.
     */
    private Dataset sample(DataSource source, Progress progress) {
        if (source.preset() != null) {
            throw new UserException("%s is a sample task, and sample tasks need no preset; leave out --preset."
                    .formatted(source.location()));
        }
        if (!source.columns().equals(ColumnMapping.DEFAULTS)) {
            throw new UserException(
                    "%s is a sample task, and sample tasks have their own columns; leave out --text, --label and --image."
                            .formatted(source.location()));
        }
        Integer limit = source.limit();
        if (limit == null || source.sampling() == SamplingMode.FIRST) {
            return samples.read(source.location(), source.split(), limit, progress);
        }
        Dataset all = samples.read(source.location(), source.split(), null, progress);
        return all.select(
                source.sampling() == SamplingMode.RANDOM
                        ? narrow(SampleChoice.random(all.size(), limit, source.seed()))
                        : stratified((Labels.Classes) all.labels(), limit, source.seed()));
    }

    private static int[] stratified(Labels.Classes labels, int limit, long seed) {
        int[][] rows = IntStream.range(0, labels.count())
                .mapToObj(value -> IntStream.range(0, labels.size())
                        .filter(row -> labels.of(row) == value)
                        .toArray())
                .toArray(int[][]::new);
        long[] sizes = Arrays.stream(rows).mapToLong(of -> of.length).toArray();
        long[][] places = SampleChoice.stratified(sizes, limit, seed);
        return IntStream.range(0, rows.length)
                .flatMap(value -> Arrays.stream(places[value]).mapToInt(place -> rows[value][(int) place]))
                .sorted()
                .toArray();
    }

    private static int[] narrow(long[] rows) {
        return Arrays.stream(rows).mapToInt(Math::toIntExact).toArray();
    }

    /** Rows of a source that are read on a thread of their own before they are asked for. Closing them stops the reading. */
    private record EarlyRows(DataSource source, LabelUse use, BackgroundTask<Dataset> reading)
            implements AutoCloseable {

        /** Returns true if these are the rows that a reader is asked for. */
        boolean are(DataSource asked, LabelUse askedUse) {
            return source.equals(asked) && use == askedUse;
        }

        /** Returns true if the rows are text, and waits for them; false if they cannot be read. */
        boolean areText(Progress progress) {
            try {
                return !reading.await(progress.noting(remark -> {})).pretokenized();
            } catch (UserException | CancelledException e) {
                return false; // reported by whoever reads the rows
            }
        }

        @Override
        public void close() {
            reading.close();
        }
    }
}
