package org.layerwise.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.data.file.DataSource;
import org.layerwise.data.file.DatasetReader;
import org.layerwise.data.token.TokenizedDataset;

/** Files and datasets that the tests of this package share. */
public final class DataFixtures {

    private DataFixtures() {}

    public static Path write(Path folder, String name, String content) {
        try {
            return Files.writeString(folder.resolve(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A Parquet file with the rows of a query. */
    public static Path parquet(Path folder, String name, String query) {
        return parquet(folder, name, query, "");
    }

    /** A Parquet file with groups of this many rows, a multiple of 2,048. */
    public static Path parquet(Path folder, String name, String query, int rowsPerGroup) {
        return parquet(folder, name, query, ", ROW_GROUP_SIZE %s".formatted(rowsPerGroup));
    }

    /** A Parquet file whose column of class numbers has names, as HuggingFace's datasets write them. */
    public static Path parquet(Path folder, String name, String query, String column, List<String> names) {
        Object feature = Map.of("names", names, "_type", "ClassLabel");
        String json = Json.line(Json.tree(Map.of("info", Map.of("features", Map.of(column, feature)))));
        return parquetWithMetadata(folder, name, query, json);
    }

    /** A Parquet file with a text under HuggingFace's key. */
    public static Path parquetWithMetadata(Path folder, String name, String query, String json) {
        String options = ", KV_METADATA {huggingface: '%s'}".formatted(json.replace("'", "''"));
        return parquet(folder, name, query, options);
    }

    private static Path parquet(Path folder, String name, String query, String options) {
        Path file = folder.resolve(name);
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("COPY (%s) TO '%s' (FORMAT parquet%s)".formatted(query, file, options));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return file;
    }

    /** What is in a folder, with sizes and times. */
    public static List<String> listing(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<String> lines = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                lines.add("%s %s %s".formatted(file, Files.size(file), Files.getLastModifiedTime(file)));
            }
            return lines;
        }
    }

    /** Makes sure that reading fails with one line that names the file and holds all parts. */
    public static void refused(Path file, String... parts) {
        Throwable thrown = catchThrowable(() -> read(file));
        assertThat(thrown).isInstanceOf(UserException.class);
        assertThat(thrown.getMessage())
                .doesNotContain("\n")
                .contains(file.getFileName().toString())
                .contains(parts)
                .hasSizeLessThan(400);
    }

    public static Dataset read(Path file) {
        return read(file, LabelUse.AUTO);
    }

    public static Dataset read(Path file, LabelUse use) {
        return new DatasetReader().read(DataSource.of(file.toString()), use, Progress.none());
    }

    public static Dataset read(Path file, ColumnMapping columns, Integer limit) {
        return new DatasetReader().read(new DataSource(file.toString(), columns, limit, Split.TRAIN), Progress.none());
    }

    /** The sample model's tokenizer, which has the vocabulary of bert-base-uncased. */
    public static Path sampleTokenizer(Path folder) {
        Path file = folder.resolve("tokenizer.json");
        try (InputStream in = DataFixtures.class.getResourceAsStream("/bge-small-en-v1.5-tokenizer.json")) {
            Files.copy(in, file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    /** Rows of random lengths, each token telling its row. */
    public static TokenizedDataset randomRows(int count, int longest, long seed) {
        Random random = new Random(seed);
        List<TokenRow> rows = new ArrayList<>();
        for (int row = 0; row < count; row++) {
            long[] ids = new long[1 + random.nextInt(longest)];
            long[] typeIds = new long[ids.length];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = 1000L * (row + 1) + i;
                typeIds[i] = i % 2;
            }
            rows.add(new TokenRow(ids, row % 3 == 0 ? null : typeIds));
        }
        return new TokenizedDataset("random", rows, new Labels.None(), 0, longest);
    }
}
