package org.layerwise.data.file;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;

/**
 * Kinds of files that contain datasets, and the way in which DuckDB reads each: every column as text, in file order.
 */
enum FileFormat {
    /** Tab-separated values as in GLUE: quotes are ordinary characters. */
    TSV("tsv"),
    /**
     * Comma-separated values as in RFC 4180; semicolons or tabs separate them if the header contains these and no
     * comma.
     */
    CSV("csv"),
    /** Lines with one JSON object each. */
    JSON_LINES("jsonl", "ndjson"),
    /** Array of objects, or objects one after another. */
    JSON("json"),
    PARQUET("parquet");

    // number of rows that DuckDB searches for columns and their types
    private static final int JSON_ROWS_SEARCHED = 100_000;

    // more than the longest row, so that the scan refuses the row before DuckDB does
    private static final int DUCKDB_LONGEST = RowBounds.LONGEST + (1 << 20);

    /**
     * Matches the name that DuckDB gives to a column whose name differs from an earlier one only in upper and lower
     * case.
     */
    private static final Pattern NUMBERED = Pattern.compile(".+_\\d+", Pattern.DOTALL);

    private final List<String> endings;

    FileFormat(String... endings) {
        this.endings = List.of(endings);
    }

    /**
     * Returns the format for a file's ending, without that of gzip.
     *
     * @throws UserException if the ending is unknown
     */
    static FileFormat of(Path file) {
        FileFormat format = find(file);
        if (format == null) {
            throw new UserException("%s is not a kind of data file that can be read; those are %s."
                    .formatted(file, String.join(", ", endings())));
        }
        if (format == PARQUET && Gzip.compressed(file)) {
            throw new UserException("%s is a packed Parquet file, which cannot be read in parts; unpack it with gunzip."
                    .formatted(file));
        }
        return format;
    }

    /** Returns true if a file's ending is known. */
    static boolean isKnown(Path file) {
        return find(file) != null;
    }

    /** Returns all endings, with their dots. */
    static List<String> endings() {
        return Arrays.stream(values())
                .flatMap(format -> format.endings.stream())
                .map("."::concat)
                .toList();
    }

    private static @Nullable FileFormat find(Path file) {
        String name = Gzip.plainName(file);
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(format -> format.endings.contains(ending))
                .findFirst()
                .orElse(null);
    }

    /**
     * Makes sure that the beginning of a file fits its ending, where DuckDB would report it less clearly or end the process.
     *
     * @throws UserException if the beginning does not fit
     */
    void requireBeginning(Path file) {
        if (this == PARQUET) {
            ParquetColumnsCheck.requireWithinBounds(file);
        } else {
            TextCheck.requireUtf8(file);
        }
        if (this == JSON || this == JSON_LINES) {
            TextCheck.requireObjects(file, this == JSON_LINES);
        }
    }

    /**
     * Starts the scan, which must be ahead of the rows that DuckDB reads; null for Parquet, whose rows have no text of
     * their own.
     *
     * @param padded true if lines with too few fields are accepted
     * @return scan that the caller must close
     */
    @Nullable
    RowScan scan(Path file, boolean padded, Progress progress) {
        return switch (this) {
            case TSV, CSV -> RowScan.start(file, new SeparatedRows(file, header(file), this == CSV, padded), progress);
            case JSON_LINES, JSON -> RowScan.start(file, new JsonRows(file, this == JSON_LINES), progress);
            case PARQUET -> null;
        };
    }

    /**
     * Returns the number of first rows that must be scanned before the columns are known.
     *
     * @param read number of first rows whose columns count
     */
    long rowsSearched(long read) {
        return this == JSON_LINES || this == JSON ? Math.max(read, JSON_ROWS_SEARCHED) : 0;
    }

    /**
     * Returns all columns, in file order; for a text file, {@link #rowsSearched} rows must have been scanned before.
     *
     * @param keys keys of JSON that the scan found
     */
    List<Column> columns(Path file, List<String> keys, SqlDatabase database) {
        return switch (this) {
            case TSV, CSV ->
                header(file).columns().stream()
                        .map(name -> new Column(name, "VARCHAR"))
                        .toList();
            case JSON_LINES, JSON ->
                withLater(
                        file,
                        keys,
                        described(
                                file,
                                "read_json(%s, format=%s, records=true, sample_size=%s, maximum_depth=1, map_inference_threshold=-1, field_appearance_threshold=0, hive_partitioning=false, %s)"
                                        .formatted(
                                                DuckDb.path(file),
                                                jsonFormat(file),
                                                JSON_ROWS_SEARCHED,
                                                jsonOptions(file)),
                                () -> keys,
                                database));
            case PARQUET ->
                described(
                        file,
                        "read_parquet(%s, hive_partitioning=false)".formatted(DuckDb.path(file)),
                        () -> ParquetSchema.of(file, database).names(),
                        database);
        };
    }

    /**
     * Returns the SQL query for a file's rows: {@code n}, the row's number from 0, and the chosen columns as the texts
     * {@code c0, c1} and so on. An empty field of a text file is {@code ""}, not NULL. For JSON there is one more
     * column, {@code nested}: the index of the first column of {@code flat} with a list or an object, or NULL.
     *
     * @param flat those of the chosen columns in which JSON may hold no list and no object
     * @param expressions SQL expressions, by column name, for Parquet columns that a plain cast does not convert well
     *     to text
     * @param padded true if lines with too few fields are accepted, with NULL for the missing fields
     * @param mixedEndings true if some lines end in LF and others in CRLF
     */
    String rows(
            Path file,
            List<String> chosen,
            List<String> flat,
            Map<String, String> expressions,
            boolean padded,
            boolean mixedEndings) {
        return switch (this) {
            case TSV, CSV -> {
                Header header = header(file);
                // own names, since names in the file may differ only in upper and lower case
                List<String> all = IntStream.range(0, header.columns().size())
                        .mapToObj(index -> "column" + index)
                        .toList();
                List<String> cells = chosen.stream()
                        .map(column -> DuckDb.name(all.get(header.columns().indexOf(column))))
                        .toList();
                String quote = this == CSV ? "'\"'" : "''";
                yield "SELECT row_number() OVER () - 1 AS n%s FROM read_csv(%s, auto_detect=false, header=%s, skip=0, comment='', delim=%s, quote=%s, escape=%s, nullstr='\u0001', max_line_size=%s, buffer_size=%s, hive_partitioning=false, compression=%s, strict_mode=%s, null_padding=%s, columns=%s)"
                        .formatted(
                                named(cells),
                                DuckDb.path(file),
                                header.there(),
                                DuckDb.literal(String.valueOf(header.delimiter())),
                                quote,
                                quote,
                                DUCKDB_LONGEST,
                                2 * DUCKDB_LONGEST, // a last row that does not fit is dropped silently
                                compression(file),
                                !mixedEndings,
                                padded,
                                DuckDb.asText(all, List.of()));
            }
            case JSON_LINES, JSON ->
                "SELECT row_number() OVER () - 1 AS n%s, %s AS nested FROM read_json(%s, format=%s, records=true, columns=%s, hive_partitioning=false, %s)"
                        .formatted(
                                named(chosen.stream()
                                        .map(column -> flat.contains(column) ? jsonText(column) : DuckDb.name(column))
                                        .toList()),
                                nested(chosen, flat),
                                DuckDb.path(file),
                                jsonFormat(file),
                                DuckDb.asText(chosen, flat),
                                jsonOptions(file));
            case PARQUET ->
                "SELECT file_row_number AS n%s FROM read_parquet(%s, hive_partitioning=false, file_row_number=true)"
                        .formatted(
                                named(chosen.stream()
                                        .map(column -> expressions.getOrDefault(
                                                column, "CAST(%s AS VARCHAR)".formatted(DuckDb.name(column))))
                                        .toList()),
                                DuckDb.path(file));
        };
    }

    /** Returns the number of rows that the metadata of a Parquet file state. */
    static long rows(Path file, SqlDatabase database) {
        List<String> counts = new ArrayList<>();
        database.query(
                "SELECT num_rows FROM parquet_file_metadata(%s)".formatted(DuckDb.path(file)),
                cells -> counts.add(String.valueOf(cells[0])));
        return Long.parseLong(counts.get(0));
    }

    /**
     * Makes sure that the row groups of a Parquet file have together as many rows as the file. DuckDB would leave out
     * rows of a group that states too few, and make up rows of one that states too many.
     *
     * @throws UserException if they have not
     */
    static void requireStatedRows(Path file, SqlDatabase database) {
        long stated = rows(file, database);
        List<String> counts = new ArrayList<>();
        database.query(
                "SELECT count(*) FROM read_parquet(%s, hive_partitioning=false)".formatted(DuckDb.path(file)),
                cells -> counts.add(String.valueOf(cells[0])));
        long inGroups = Long.parseLong(counts.get(0));
        if (inGroups != stated) {
            throw new UserException(
                    "%s states %s rows but its row groups have %s; it is damaged: copy or download it again."
                            .formatted(file, stated, inGroups));
        }
    }

    private Header header(Path file) {
        return this == TSV ? Header.ofTsv(file) : Header.ofCsv(file);
    }

    /** Returns the format for DuckDB, whose own detection takes an array behind a byte order mark for a value. */
    private String jsonFormat(Path file) {
        return this == JSON_LINES ? "'newline_delimited'" : TextCheck.array(file) ? "'array'" : "'auto'";
    }

    /**
     * Returns the columns of a file as DuckDB describes them.
     *
     * @param names reader of the names as written in the file
     */
    private static List<Column> described(
            Path file, String source, Supplier<List<String>> names, SqlDatabase database) {
        List<Column> columns = new ArrayList<>();
        database.query(
                "DESCRIBE SELECT * FROM " + source,
                cells -> columns.add(new Column(String.valueOf(cells[0]), String.valueOf(cells[1]))));
        Set<String> anyCase = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        columns.forEach(column -> anyCase.add(column.name()));
        List<String> numbered = new ArrayList<>(columns.stream()
                .map(Column::name)
                .filter(name -> NUMBERED.matcher(name).matches())
                .filter(name -> anyCase.contains(name.substring(0, name.lastIndexOf('_'))))
                .toList());
        if (!numbered.isEmpty()) {
            Set<String> own = new TreeSet<>(names.get());
            if (!own.containsAll(numbered) && alike(own).isEmpty()) {
                numbered.removeIf(own::contains);
                throw Header.twice(
                        file, numbered.get(0).substring(0, numbered.get(0).lastIndexOf('_')));
            }
            if (!own.containsAll(numbered)) {
                throw Header.alike(file, alike(own));
            }
        }
        return columns;
    }

    /** Returns the columns of the rows that DuckDB searches, followed by those that only later rows have. */
    private static List<Column> withLater(Path file, List<String> keys, List<Column> searched) {
        Set<String> names = searched.stream().map(Column::name).collect(Collectors.toSet());
        List<Column> columns = new ArrayList<>(searched);
        keys.stream().filter(key -> !names.contains(key)).forEach(key -> columns.add(new Column(key, "JSON")));
        if (columns.size() > searched.size() && !alike(new TreeSet<>(keys)).isEmpty()) {
            throw Header.alike(file, alike(new TreeSet<>(keys)));
        }
        return columns;
    }

    /** Returns the names that differ from another name only in upper and lower case. */
    private static List<String> alike(Set<String> names) {
        Map<String, List<String>> byAnyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        names.forEach(name ->
                byAnyCase.computeIfAbsent(name, any -> new ArrayList<>()).add(name));
        return byAnyCase.values().stream()
                .filter(same -> same.size() > 1)
                .flatMap(List::stream)
                .toList();
    }

    /** Returns the select list of the cells, with a comma before each, since there may be no cells. */
    private static String named(List<String> cells) {
        return IntStream.range(0, cells.size())
                .mapToObj(index -> ", %s AS c%s".formatted(cells.get(index), index))
                .collect(Collectors.joining());
    }

    /** Returns the SQL expression for the text of a cell of JSON: a string without its quotes and escapes. */
    private static String jsonText(String column) {
        String cell = DuckDb.name(column);
        return "CASE WHEN left(%1$s, 1) = '\"' THEN %1$s ->> '$' ELSE CAST(%1$s AS VARCHAR) END".formatted(cell);
    }

    /** Returns the SQL expression for the index of the first flat column with a list or an object. */
    private static String nested(List<String> chosen, List<String> flat) {
        String cases = IntStream.range(0, chosen.size())
                .filter(index -> flat.contains(chosen.get(index)))
                .mapToObj(index ->
                        "WHEN left(%s, 1) IN ('[', '{') THEN %s ".formatted(DuckDb.name(chosen.get(index)), index))
                .collect(Collectors.joining());
        return cases.isEmpty() ? "NULL" : "CASE %sEND".formatted(cases);
    }

    private static String jsonOptions(Path file) {
        return "maximum_object_size=%s, compression=%s".formatted(DUCKDB_LONGEST, compression(file));
    }

    /** Returns the compression for DuckDB, whose own detection stops at a question mark in the path. */
    private static String compression(Path file) {
        return Gzip.compressed(file) ? "'gzip'" : "'uncompressed'";
    }
}
