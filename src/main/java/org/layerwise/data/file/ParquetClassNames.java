package org.layerwise.data.file;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.ByteSize;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.data.Excerpt;

/**
 * Names that HuggingFace's datasets write into a Parquet file for a column of class numbers ({@code ClassLabel}): JSON
 * in the metadata of the file, under the key {@code huggingface}.
 */
record ParquetClassNames(Path file, String column) {

    static final String KEY = "huggingface";

    /** More than 10,000 names of 400 letters. */
    private static final int MOST_BYTES = 4 << 20;

    /**
     * Returns the names of the classes by their number; empty if the file has none for a column, the column holds no
     * whole numbers, or the names are the numbers.
     *
     * @throws UserException if the names cannot be read
     */
    static List<String> of(Path file, Column column, SqlDatabase database) {
        return column.wholeNumbers() ? new ParquetClassNames(file, column.name()).read(database) : List.of();
    }

    private List<String> read(SqlDatabase database) {
        List<@Nullable String> found = new ArrayList<>();
        List<Long> sizes = new ArrayList<>();
        database.query(
                "SELECT octet_length(value), CASE WHEN octet_length(value) <= %s THEN to_base64(value) END FROM parquet_kv_metadata(%s) WHERE key = encode(%s)"
                        .formatted(MOST_BYTES, DuckDb.path(file), DuckDb.literal(KEY)),
                cells -> {
                    sizes.add(Long.parseLong(String.valueOf(cells[0])));
                    found.add(cells[1]);
                });
        if (found.isEmpty()) {
            return List.of();
        }
        String encoded = found.get(0);
        if (encoded == null) {
            throw broken("they take %s, and at most %s are read"
                    .formatted(ByteSize.of(sizes.get(0)), ByteSize.of(MOST_BYTES)));
        }
        List<String> names = names(parsed(Base64.getDecoder().decode(encoded)));
        boolean numbers = IntStream.range(0, names.size())
                .allMatch(index -> names.get(index).equals(Integer.toString(index)));
        return numbers ? List.of() : names;
    }

    private JsonNode parsed(byte[] json) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(json))
                    .toString();
            return Json.parseStrict(text);
        } catch (IOException e) {
            throw broken("this is not JSON");
        }
    }

    private List<String> names(JsonNode metadata) {
        JsonNode feature = metadata.path("info").path("features").path(column);
        JsonNode listed = feature.path("names");
        if (!feature.path("_type").asText().equals("ClassLabel") || listed.isMissingNode() || listed.isNull()) {
            return List.of();
        }
        if (listed.size() > LabelParser.MOST_CLASSES) {
            throw broken("they are %s, and at most %s classes are possible"
                    .formatted(listed.size(), LabelParser.MOST_CLASSES));
        }
        List<String> names = new ArrayList<>();
        for (JsonNode name : listed) {
            names.add(name.isTextual() ? name.asText().strip() : "");
        }
        if (!listed.isArray() || names.contains("") || new HashSet<>(names).size() < names.size()) {
            throw broken("they are no list of different texts");
        }
        return List.copyOf(names);
    }

    private UserException broken(String reason) {
        return new UserException(
                "%s has class names for column \"%s\" in its key \"%s\" that cannot be used: %s; write the file again, or without this key."
                        .formatted(file, Excerpt.text(column), KEY, reason));
    }
}
