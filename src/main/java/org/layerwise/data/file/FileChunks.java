package org.layerwise.data.file;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.data.Dataset;
import org.layerwise.data.LabelUse;

/** Chunks of the rows of files, which are streamed from DuckDB. */
final class FileChunks implements DatasetChunks {

    private final DataSource source;
    private final LabelUse use;
    private final int rowsPerChunk;
    private final Progress progress;
    private final DatasetBuilder builder;
    private final Iterator<RowSelection> takes;
    private final @Nullable ClassNumbers classes;
    private final DataFileOpener shards;
    private @Nullable ColumnRoles first;
    private @Nullable DataFile shard;
    private @Nullable RowCursor cursor;
    private @Nullable Dataset next;
    private long expected;
    private long readOfShard;
    private long readOfAll;

    /**
     * Creates chunks.
     *
     * @param classes kind of the labels of all rows; null if they need no numbers
     * @param shards opens the files; closed with the chunks
     */
    FileChunks(
            DataFiles files,
            DataSource source,
            LabelUse use,
            int rowsPerChunk,
            @Nullable ClassNumbers classes,
            DataFileOpener shards,
            Progress progress) {
        if (rowsPerChunk < 1) {
            throw new IllegalArgumentException("a chunk needs rows, not " + rowsPerChunk);
        }
        this.source = source;
        this.use = use;
        this.rowsPerChunk = rowsPerChunk;
        this.classes = classes;
        this.shards = shards;
        this.progress = progress;
        this.builder = new DatasetBuilder(files.name(), source, use);
        this.takes = List.copyOf(new RowPlan(files, source, use, shards, progress).takes())
                .iterator();
    }

    @Override
    public boolean hasNext() {
        if (next == null) {
            next = read();
        }
        return next != null;
    }

    @Override
    public Dataset next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException();
        }
        Dataset chunk = next;
        next = null;
        return chunk;
    }

    private @Nullable Dataset read() {
        RawColumns cells = new RawColumns(null, progress.silent());
        while (cells.rows() < rowsPerChunk && (cursor != null || advance())) {
            if (cells.rows() == 0 || !cells.within(roles())) {
                cells.begin(roles());
            }
            @Nullable String @Nullable [] row = row();
            if (row == null) {
                finish();
            } else {
                cells.row(row);
                readOfShard++;
                readOfAll++;
            }
        }
        progress.check();
        if (cells.rows() == 0) {
            if (readOfAll == 0) {
                throw DatasetReader.empty(source);
            }
            return null;
        }
        Integer limit = source.limit();
        progress.report(
                limit == null ? Progress.UNKNOWN : (double) readOfAll / limit, "Read %s rows".formatted(readOfAll));
        Dataset chunk = builder.of(first == null ? roles() : first, cells);
        return classes == null ? chunk : classes.number(chunk);
    }

    private ColumnRoles roles() {
        if (shard == null) {
            throw new IllegalStateException("no file is open");
        }
        return shard.roles();
    }

    private @Nullable String @Nullable [] row() {
        return cursor == null ? null : cursor.next();
    }

    /** Opens the next file that has rows to read; returns false after the last file. */
    private boolean advance() {
        Integer limit = source.limit();
        while (takes.hasNext()) {
            RowSelection take = takes.next();
            long left = limit == null ? Long.MAX_VALUE : limit - readOfAll;
            if (take.empty() || left <= 0) {
                continue;
            }
            expected = expected(take, left);
            shard = shards.open(take.file(), use, true);
            if (first == null) {
                first = shard.roles();
            }
            first.requireSame(shard.roles());
            cursor = shard.rows(take.atMost(left));
            readOfShard = 0;
            return true;
        }
        return false;
    }

    /**
     * Returns the number of rows that a file must give. A streamed result may end early without an error, so the rows
     * are counted first.
     */
    private long expected(RowSelection take, long left) {
        long[] rows = take.rows();
        if (rows != null) {
            return rows.length;
        }
        try (DataFile counted = shards.open(take.file(), use, false)) {
            return Math.min(left, counted.size());
        }
    }

    private void finish() {
        if (shard != null) {
            shard.requireRows(expected, readOfShard);
        }
        closeShard();
    }

    @Override
    public void close() {
        closeShard();
        shards.close();
    }

    private void closeShard() {
        if (cursor != null) {
            cursor.close();
            cursor = null;
        }
        if (shard != null) {
            shard.close();
            shard = null;
        }
    }
}
