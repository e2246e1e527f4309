package org.layerwise.data.file;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.LabelUse;
import org.layerwise.data.SamplingMode;

/** File of a dataset, opened in a DuckDB database of its own. */
record DataFile(
        Path file,
        FileFormat format,
        SqlDatabase database,
        @Nullable RowScan scan,
        ColumnRoles roles,
        Progress progress)
        implements AutoCloseable {

    // DuckDB's memory is limited, so this number of rows with encoded images is read at a time
    private static final int IMAGES_AT_ONCE = 256;

    /**
     * Opens a file and finds its columns.
     *
     * @param streamed true to get results row by row instead of all at once; the results of a broken file may then end
     *     without an error
     * @param processes processes that read Parquet files
     * @throws UserException if it cannot be read, or a column is missing
     */
    static DataFile open(
            Path file,
            DataSource source,
            LabelUse use,
            boolean streamed,
            DuckDbProcessPool processes,
            Progress progress) {
        FileFormat format = FileFormat.of(file);
        RowScan scan = null;
        SqlDatabase database = null;
        try {
            scan = format.scan(file, ColumnRoles.leavesOutBroken(source.preset(), file), progress);
            List<String> keys = List.of();
            if (scan != null) {
                long searched = format.rowsSearched(rowsRead(file, source));
                scan.requireFirst(searched);
                keys = scan.keys(searched);
            }
            database = format == FileFormat.PARQUET
                    ? DuckDbClient.forFile(file, streamed, processes, progress)
                    : DuckDb.forFile(file, streamed, progress);
            if (format == FileFormat.PARQUET) {
                FileFormat.requireStatedRows(file, database);
            }
            ColumnRoles roles = ColumnRoles.of(file, format.columns(file, keys, database), source, use);
            if (format == FileFormat.PARQUET) {
                ParquetSchema.of(file, database).requireReadable(file, roles.names());
            }
            Column label = roles.labelColumn();
            if (format == FileFormat.PARQUET && label != null) {
                roles = roles.withClassNames(ParquetClassNames.of(file, label, database));
            }
            return new DataFile(file, format, database, scan, roles, progress);
        } catch (RuntimeException e) {
            close(database, scan);
            throw Gzip.explained(file, e, progress);
        }
    }

    /** Returns the maximum number of first rows that are read of a file. */
    private static long rowsRead(Path file, DataSource source) {
        Integer limit = source.limit();
        return limit == null || source.sampling() != SamplingMode.FIRST || ColumnRoles.filters(source.preset(), file)
                ? Long.MAX_VALUE
                : limit;
    }

    /** Returns the number of rows of the file, including those that are left out. */
    long size() {
        if (format == FileFormat.PARQUET) {
            return FileFormat.rows(file, database);
        }
        List<String> counts = new ArrayList<>();
        String any = roles.all().get(0).name();
        query(
                "SELECT count(*) FROM (%s)".formatted(relation(List.of(any), null)),
                cells -> counts.add(String.valueOf(cells[0])));
        long size = Long.parseLong(counts.get(0));
        requireAll(size);
        return size;
    }

    /** Returns the numbers, from 0, of the first rows that are not left out, ascending. */
    long[] candidates(@Nullable Long limit) {
        List<Long> rows = new ArrayList<>();
        query(
                "SELECT n FROM (%s) WHERE %s%s%s"
                        .formatted(relation(filterColumns(), null), condition(0), order(), limit(limit)),
                cells -> rows.add(Long.parseLong(String.valueOf(cells[0]))));
        return rows.stream().mapToLong(Long::longValue).toArray();
    }

    /** Returns the label of a cell without blanks around it, as {@link LabelParser} reads it; empty for no label. */
    static String label(@Nullable String cell) {
        return cell == null ? "" : cell.strip();
    }

    /** Returns the number of rows per {@link #label(String)}. */
    Map<String, Long> labelCounts() {
        Map<String, Long> counts = new TreeMap<>();
        query(
                "SELECT c0, count(*) FROM (%s) WHERE %s GROUP BY c0"
                        .formatted(relation(labelColumns(), null), condition(1)),
                cells -> counts.merge(label(cells[0]), Long.parseLong(String.valueOf(cells[1])), Long::sum));
        if (filterColumns().isEmpty()) {
            requireAll(counts.values().stream().mapToLong(Long::longValue).sum());
        }
        return counts;
    }

    /** Returns a cursor over the number and the label of every row that is not left out, in file order. */
    RowCursor labels() {
        return database.cursor(
                "SELECT n, c0 FROM (%s) WHERE %s%s".formatted(relation(labelColumns(), null), condition(1), order()));
    }

    /** Returns the SQL clause for file order, which rows lose when some of them are left out. */
    private String order() {
        return filterColumns().isEmpty() ? "" : " ORDER BY n";
    }

    private List<String> labelColumns() {
        List<String> columns = new ArrayList<>(List.of(label()));
        columns.addAll(filterColumns());
        return columns;
    }

    private String label() {
        String label = roles.label();
        if (label == null) {
            throw new IllegalStateException(file + " has no labels");
        }
        return label;
    }

    /**
     * Reads some rows, in file order.
     *
     * @throws UserException if the file is broken
     */
    void read(RowSelection take, RawColumns cells) {
        long before = cells.rows();
        boolean bytes = roles.images() != null && format == FileFormat.PARQUET;
        long[] rows = take.rows();
        if (bytes) {
            long size = rows == null ? size() : rows.length;
            long wanted = rows != null || take.first() == null ? size : Math.min(size, take.first());
            for (long start = 0; start < wanted; start += IMAGES_AT_ONCE) {
                long end = Math.min(wanted, start + IMAGES_AT_ONCE);
                long[] some = rows == null
                        ? LongStream.range(start, end).toArray()
                        : Arrays.copyOfRange(rows, (int) start, (int) end);
                forEach(() -> rows(new RowSelection(file, null, some)), cells);
            }
            requireRows(wanted, cells.rows() - before);
            return;
        }
        forEach(() -> rows(take), cells);
        if (rows != null) {
            requireRows(rows.length, cells.rows() - before);
        } else if (take.first() == null || cells.rows() - before < take.first()) {
            requireAll(cells.rows() - before);
        }
    }

    /** Returns a cursor over some rows, in file order; its columns are those of {@link #select}. */
    RowCursor rows(RowSelection take) {
        RowCursor rows = database.cursor(select(take));
        return take.rows() == null ? rows : rows.inOrder(take.rows());
    }

    /**
     * Returns the SQL query for some rows: their number from 0, the columns of the roles, and for JSON the index of the
     * first text column with a list or an object.
     */
    private String select(RowSelection take) {
        String cells = IntStream.range(0, roles.names().size())
                .mapToObj(index -> ", c" + index)
                .collect(Collectors.joining());
        if (format == FileFormat.JSON || format == FileFormat.JSON_LINES) {
            cells += ", nested";
        }
        // if rows are listed, DuckDB reads all rows
        String relation = relation(roles.names(), take.rows() == null ? take.first() : null);
        if (take.rows() == null) {
            return "SELECT n%s FROM (%s)%s".formatted(cells, relation, limit(take.first()));
        }
        long[] rows = take.rows();
        String numbers = Arrays.stream(rows).mapToObj(Long::toString).collect(Collectors.joining(","));
        // the range lets DuckDB skip the row groups of Parquet that contain none of the rows
        return "SELECT n%s FROM (%s) SEMI JOIN (SELECT unnest([%s]) AS r) AS chosen ON n = r WHERE n >= %s AND n <= %s"
                .formatted(cells, relation, numbers, rows[0], rows[rows.length - 1]);
    }

    /**
     * Returns the SQL query for the file's rows, after the rows that DuckDB will read have been scanned.
     *
     * @param first number of first rows to read; null for all
     */
    private String relation(List<String> columns, @Nullable Long first) {
        if (scan != null) {
            scan.requireFirst(first == null ? Long.MAX_VALUE : first);
        }
        boolean mixedEndings = scan != null && scan.mixedEndings();
        List<String> flat = roles.flat().stream().filter(columns::contains).toList();
        return format.rows(file, columns, flat, roles.expressions(), roles.onlyWhole(), mixedEndings);
    }

    private List<String> filterColumns() {
        if (roles.onlyWhole()) {
            return List.of(roles.all().get(roles.all().size() - 1).name());
        }
        ImageColumn images = roles.images();
        return roles.onlyWithImage() && images != null ? List.of(images.column()) : List.of();
    }

    /**
     * Returns the SQL condition that a row is not left out.
     *
     * @param cell index of the column of {@link #filterColumns} in the query for the rows
     */
    private String condition(int cell) {
        ImageColumn images = roles.images();
        if (roles.onlyWhole()) {
            return "c%s IS NOT NULL".formatted(cell);
        }
        return roles.onlyWithImage() && images != null ? images.present(cell) : "true";
    }

    private void query(String sql, SqlDatabase.RowReader reader) {
        forEach(() -> database.cursor(sql), reader);
    }

    private void forEach(Supplier<RowCursor> opened, SqlDatabase.RowReader reader) {
        try (RowCursor rows = opened.get()) {
            SqlDatabase.forEach(rows, reader);
        } catch (UserException e) {
            throw Gzip.explained(file, e, progress);
        }
    }

    /** Makes sure that as many rows were read as the file has. */
    void requireRows(long wanted, long read) {
        if (read != wanted) {
            throw new UserException("%s has %s rows but only %s can be read; it is damaged: copy or download it again."
                    .formatted(file, wanted, read));
        }
    }

    /** Makes sure that all rows were read, since DuckDB's readers of text may drop rows without an error. */
    private void requireAll(long read) {
        if (scan != null) {
            requireRows(scan.requireAll(), read);
        }
    }

    private static String limit(@Nullable Long limit) {
        return limit == null ? "" : " LIMIT " + limit;
    }

    @Override
    public void close() {
        close(database, scan);
    }

    private static void close(@Nullable SqlDatabase database, @Nullable RowScan scan) {
        if (scan != null) {
            scan.close();
        }
        if (database != null) {
            database.close();
        }
    }
}
