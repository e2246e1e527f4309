package org.layerwise.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
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

    private static final String JSON_OPTIONS = "hive_partitioning=false, maximum_object_size=33554432";

    // more rows than this are not searched for columns that the others lack
    private static final int JSON_ROWS_SEARCHED = 100_000;

    private final List<String> endings;

    FileFormat(String... endings) {
        this.endings = List.of(endings);
    }

    /**
     * By the file's ending.
     *
     * @throws UserException if it is none of the known ones
     */
    static FileFormat of(Path file) {
        String name = file.getFileName().toString();
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        for (FileFormat format : values()) {
            if (format.endings.contains(ending)) {
                return format;
            }
        }
        String known = Arrays.stream(values())
                .flatMap(format -> format.endings.stream())
                .map("."::concat)
                .collect(Collectors.joining(", "));
        throw new UserException("%s is not a kind of data file that can be read; those are %s.".formatted(file, known));
    }

    /**
     * Makes sure that a file begins as its ending says, as far as DuckDB would say it less clearly.
     *
     * @throws UserException if it does not
     */
    void requireBeginning(Path file) {
        if (this != PARQUET) {
            TextCheck.requireUtf8(file);
        }
        if (this == JSON || this == JSON_LINES) {
            TextCheck.requireObjects(file, this == JSON_LINES);
        }
    }

    /**
     * Makes sure that the type of a column lets it hold labels. Only Parquet has types; elsewhere each label is looked at.
     *
     * @param lists whether there may be a list of labels a row
     * @throws UserException if it holds objects, or lists
     */
    void requireLabels(Path file, String column, boolean lists, DuckDb duckDb) {
        if (this != PARQUET) {
            return;
        }
        duckDb.query(
                "DESCRIBE SELECT %s FROM read_parquet(%s, hive_partitioning=false)"
                        .formatted(DuckDb.name(column), path(file)),
                cells -> {
                    String type = String.valueOf(cells[1]);
                    boolean list = type.endsWith("]");
                    if (list ? !lists : type.matches("(STRUCT|MAP|UNION)\\(.*")) {
                        throw new UserException(
                                "Column \"%s\" of %s holds %s and no labels, which are numbers or names; name another column with --label."
                                        .formatted(Shown.text(column), file, list ? "lists" : "objects"));
                    }
                });
    }

    /**
     * What the image column holds. Only Parquet has types; elsewhere it is text.
     *
     * @throws UserException if it holds something else than images
     */
    ImageColumn images(Path file, String column, DuckDb duckDb) {
        if (this != PARQUET) {
            return new ImageColumn(file, column, ImageColumn.Kind.TEXT);
        }
        List<String> types = new ArrayList<>();
        duckDb.query(
                "DESCRIBE SELECT %s FROM read_parquet(%s, hive_partitioning=false)"
                        .formatted(DuckDb.name(column), path(file)),
                cells -> types.add(String.valueOf(cells[1])));
        return ImageColumn.ofType(file, column, types.get(0));
    }

    /** The names of all columns, in file order. */
    List<String> columns(Path file, DuckDb duckDb) {
        return switch (this) {
            case TSV, CSV -> header(file).columns();
            case JSON_LINES, JSON ->
                described(
                        "read_json(%s, format=%s, records=true, sample_size=%d, maximum_depth=1, map_inference_threshold=-1, field_appearance_threshold=0, %s)"
                                .formatted(path(file), jsonFormat(), JSON_ROWS_SEARCHED, JSON_OPTIONS),
                        duckDb);
            case PARQUET -> described("read_parquet(%s, hive_partitioning=false)".formatted(path(file)), duckDb);
        };
    }

    /**
     * The query for some of the columns as text, {@code ""}, where a text file has an empty field, not NULL.
     *
     * @param images the image column, if it is one of them
     */
    String select(Path file, List<String> chosen, @Nullable ImageColumn images) {
        return switch (this) {
            case TSV, CSV -> {
                Header header = header(file);
                // own names: those in the file may be the same but for upper and lower case
                List<String> all = IntStream.range(0, header.columns().size())
                        .mapToObj(index -> "column" + index)
                        .toList();
                String quote = this == CSV ? "'\"'" : "''";
                String source =
                        "read_csv(%s, auto_detect=false, header=true, skip=0, comment='', delim=%s, quote=%s, escape=%s, nullstr='\u0001', max_line_size=16777216, buffer_size=33554432, hive_partitioning=false, columns=%s)"
                                .formatted(
                                        path(file),
                                        DuckDb.literal(String.valueOf(header.delimiter())),
                                        quote,
                                        quote,
                                        DuckDb.asText(all));
                yield "SELECT %s FROM %s"
                        .formatted(
                                chosen.stream()
                                        .map(column -> DuckDb.name(
                                                all.get(header.columns().indexOf(column))))
                                        .collect(Collectors.joining(", ")),
                                source);
            }
            case JSON_LINES, JSON ->
                "SELECT %s FROM read_json(%s, format=%s, records=true, columns=%s, %s)"
                        .formatted(names(chosen), path(file), jsonFormat(), DuckDb.asText(chosen), JSON_OPTIONS);
            case PARQUET ->
                "SELECT %s FROM read_parquet(%s, hive_partitioning=false, file_row_number=%s)"
                        .formatted(
                                chosen.stream()
                                        .map(column -> images != null && column.equals(images.column())
                                                ? images.expression()
                                                : "CAST(%s AS VARCHAR)".formatted(DuckDb.name(column)))
                                        .collect(Collectors.joining(", ")),
                                path(file),
                                images != null);
        };
    }

    /** What to add to the query of a Parquet file with images for the rows from {@code first} to {@code end - 1} only. */
    static String between(long first, long end) {
        return " WHERE file_row_number >= %d AND file_row_number < %d".formatted(first, end);
    }

    /** The number of rows of a Parquet file, by its own word. */
    static long rows(Path file, DuckDb duckDb) {
        List<String> counts = new ArrayList<>();
        duckDb.query(
                "SELECT num_rows FROM parquet_file_metadata(%s)".formatted(path(file)),
                cells -> counts.add(String.valueOf(cells[0])));
        return Long.parseLong(counts.get(0));
    }

    private Header header(Path file) {
        return this == TSV ? Header.ofTsv(file) : Header.ofCsv(file);
    }

    private String jsonFormat() {
        return this == JSON_LINES ? "'newline_delimited'" : "'auto'";
    }

    private static List<String> described(String source, DuckDb duckDb) {
        List<String> columns = new ArrayList<>();
        duckDb.query("DESCRIBE SELECT * FROM " + source, cells -> columns.add(String.valueOf(cells[0])));
        return columns;
    }

    private static String names(List<String> columns) {
        return columns.stream().map(DuckDb::name).collect(Collectors.joining(", "));
    }

    private static String path(Path file) {
        return DuckDb.literal(file.toAbsolutePath().toString());
    }
}
