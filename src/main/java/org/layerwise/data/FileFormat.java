package org.layerwise.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;

/** The kinds of file that hold datasets, and how DuckDB reads each: every column as text, in file order. */
enum FileFormat {
    /** Tab-separated as in GLUE: quotes are ordinary characters. */
    TSV("tsv"),
    /** Comma-separated as in RFC 4180; semicolons and tabs where the header has these and no comma. */
    CSV("csv"),
    /** One JSON object a line. */
    JSON_LINES("jsonl", "ndjson"),
    /** An array of objects, or objects one after another. */
    JSON("json"),
    PARQUET("parquet");

    // more rows than this are not searched for columns that the others lack
    private static final int JSON_ROWS_SEARCHED = 100_000;

    // more than the longest row, so that it is refused by the scan before
    private static final int DUCKDB_LONGEST = RowBounds.LONGEST + (1 << 20);

    /** Matches the name that DuckDB gives to a column whose name differs from an earlier one in upper and lower case alone. */
    private static final Pattern NUMBERED = Pattern.compile(".+_\\d+", Pattern.DOTALL);

    private final List<String> endings;

    FileFormat(String... endings) {
        this.endings = List.of(endings);
    }

    /**
     * By the file's ending, that of gzip left aside.
     *
     * @throws UserException if it is none of the known ones
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

    /** Whether a file's ending is one of the known ones. */
    static boolean isKnown(Path file) {
        return find(file) != null;
    }

    /** All endings, with their dots. */
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
     * Makes sure that a file begins as its ending says, as far as DuckDB would say it less clearly, or end the process.
     *
     * @throws UserException if it does not
     */
    void requireBeginning(Path file) {
        if (this == PARQUET) {
            ParquetSchema.requireFlat(file);
        } else {
            TextCheck.requireUtf8(file);
        }
        if (this == JSON || this == JSON_LINES) {
            TextCheck.requireObjects(file, this == JSON_LINES);
        }
    }

    /**
     * Starts the scan that must be ahead of whatever DuckDB reads; null for Parquet, whose rows have no text of their own.
     *
     * @param padded whether lines with too few fields are let through
     * @return to be closed
     */
    @Nullable
    RowScan scan(Path file, boolean padded, Progress progress) {
        return switch (this) {
            case TSV, CSV -> RowScan.start(file, new SeparatedRows(file, header(file), this == CSV, padded), progress);
            case JSON_LINES, JSON -> RowScan.start(file, new JsonRows(file, this == JSON_LINES), progress);
            case PARQUET -> null;
        };
    }

    /** The number of rows that DuckDB reads to find the columns. */
    long rowsSearched() {
        return this == JSON_LINES || this == JSON ? JSON_ROWS_SEARCHED : 0;
    }

    /** All columns, in file order; of a text file once {@link #rowsSearched} rows were scanned. */
    List<Column> columns(Path file, DuckDb duckDb) {
        return switch (this) {
            case TSV, CSV ->
                header(file).columns().stream()
                        .map(name -> new Column(name, "VARCHAR"))
                        .toList();
            case JSON_LINES, JSON ->
                described(
                        file,
                        "read_json(%s, format=%s, records=true, sample_size=%s, maximum_depth=1, map_inference_threshold=-1, field_appearance_threshold=0, hive_partitioning=false, %s)"
                                .formatted(DuckDb.path(file), jsonFormat(), JSON_ROWS_SEARCHED, jsonOptions(file)),
                        "SELECT DISTINCT unnest(json_keys(json)) FROM (SELECT json FROM read_json_objects(%s, format=%s, %s) LIMIT %s)"
                                .formatted(DuckDb.path(file), jsonFormat(), jsonOptions(file), JSON_ROWS_SEARCHED),
                        duckDb);
            case PARQUET ->
                described(
                        file,
                        "read_parquet(%s, hive_partitioning=false)".formatted(DuckDb.path(file)),
                        "SELECT name FROM parquet_schema(%s)".formatted(DuckDb.path(file)),
                        duckDb);
        };
    }

    /**
     * The relation of a file's rows: {@code n}, the row's number from 0, and the chosen columns as the texts {@code c0, c1} and
     * so on; {@code ""}, where a text file has an empty field, not NULL.
     *
     * @param expressions how Parquet's columns become texts, by name, where a plain cast does not do
     * @param padded whether lines with too few fields are let through, with NULL for those that are missing
     * @param mixedEndings whether lines end in both LF and CRLF
     */
    String rows(Path file, List<String> chosen, Map<String, String> expressions, boolean padded, boolean mixedEndings) {
        return switch (this) {
            case TSV, CSV -> {
                Header header = header(file);
                // own names: those in the file may be the same but for upper and lower case
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
                                2 * DUCKDB_LONGEST, // drops the last row silently if that does not fit
                                compression(file),
                                !mixedEndings,
                                padded,
                                DuckDb.asText(all));
            }
            case JSON_LINES, JSON ->
                "SELECT row_number() OVER () - 1 AS n%s FROM read_json(%s, format=%s, records=true, columns=%s, hive_partitioning=false, %s)"
                        .formatted(
                                named(chosen.stream().map(DuckDb::name).toList()),
                                DuckDb.path(file),
                                jsonFormat(),
                                DuckDb.asText(chosen),
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

    /** The number of rows of a Parquet file, by its own word. */
    static long rows(Path file, DuckDb duckDb) {
        List<String> counts = new ArrayList<>();
        duckDb.query(
                "SELECT num_rows FROM parquet_file_metadata(%s)".formatted(DuckDb.path(file)),
                cells -> counts.add(String.valueOf(cells[0])));
        return Long.parseLong(counts.get(0));
    }

    private Header header(Path file) {
        return this == TSV ? Header.ofTsv(file) : Header.ofCsv(file);
    }

    private String jsonFormat() {
        return this == JSON_LINES ? "'newline_delimited'" : "'auto'";
    }

    /** @param names the query for the names as they stand in the file */
    private static List<Column> described(Path file, String source, String names, DuckDb duckDb) {
        List<Column> columns = new ArrayList<>();
        duckDb.query(
                "DESCRIBE SELECT * FROM " + source,
                cells -> columns.add(new Column(String.valueOf(cells[0]), String.valueOf(cells[1]))));
        Set<String> anyCase = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        columns.forEach(column -> anyCase.add(column.name()));
        List<String> numbered = columns.stream()
                .map(Column::name)
                .filter(name -> NUMBERED.matcher(name).matches())
                .filter(name -> anyCase.contains(name.substring(0, name.lastIndexOf('_'))))
                .toList();
        if (!numbered.isEmpty()) {
            Set<String> own = new TreeSet<>();
            duckDb.query(names, cells -> own.add(String.valueOf(cells[0])));
            if (!own.containsAll(numbered)) {
                throw new UserException(
                        "%s has columns whose names differ in upper and lower case alone (%s); rename all but one of them."
                                .formatted(file, Shown.list(alike(own))));
            }
        }
        return columns;
    }

    /** The names that differ from another one in upper and lower case alone. */
    private static List<String> alike(Set<String> names) {
        Map<String, List<String>> byAnyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        names.forEach(name ->
                byAnyCase.computeIfAbsent(name, any -> new ArrayList<>()).add(name));
        return byAnyCase.values().stream()
                .filter(same -> same.size() > 1)
                .flatMap(List::stream)
                .toList();
    }

    /** With a comma before each: there may be none. */
    private static String named(List<String> cells) {
        return IntStream.range(0, cells.size())
                .mapToObj(index -> ", %s AS c%s".formatted(cells.get(index), index))
                .collect(Collectors.joining());
    }

    private static String jsonOptions(Path file) {
        return "maximum_object_size=%s, compression=%s".formatted(DUCKDB_LONGEST, compression(file));
    }

    /** DuckDB's own guess looks no farther than a question mark in the path. */
    private static String compression(Path file) {
        return Gzip.compressed(file) ? "'gzip'" : "'uncompressed'";
    }
}
