package org.layerwise.data.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.data.Excerpt;
import org.layerwise.data.image.ImageSource;

/**
 * Image column of a data file. A text cell names a file, relative to the folder of the data file, or contains the image
 * itself as {@code data:image/png;base64,...}. Parquet may contain bytes, or HuggingFace's {@code {bytes, path}}; JSON
 * contains this object with the bytes in base64. Base64 may be URL-safe.
 *
 * @param file the data file
 * @param column name of the column in the file
 * @param kind kind of the cells
 */
record ImageColumn(Path file, String column, Kind kind) {

    /** Start of a data address, up to its comma. */
    private static final Pattern DATA_ADDRESS = Pattern.compile("(?i)data:([^,]{0,1000}),");

    private static final Pattern WHITE_SPACE = Pattern.compile("\\s+");
    private static final char BEFORE_PATH = '|';

    /** Kind of the cells of an image column. */
    enum Kind {
        TEXT,
        BYTES,
        BYTES_AND_PATH
    }

    /**
     * Creates a column by DuckDB's type of the column.
     *
     * @throws UserException if images cannot have this type
     */
    static ImageColumn ofType(Path file, String column, String type) {
        if (type.equals("VARCHAR")) {
            return new ImageColumn(file, column, Kind.TEXT);
        }
        if (type.equals("BLOB")) {
            return new ImageColumn(file, column, Kind.BYTES);
        }
        boolean pair = type.startsWith("STRUCT(") && !type.endsWith("]");
        if (pair && type.contains("bytes BLOB") && type.contains("path VARCHAR")) {
            return new ImageColumn(file, column, Kind.BYTES_AND_PATH);
        }
        throw new UserException(
                "Column \"%s\" of %s holds %s and no images; an image a row is expected, as bytes, as a path, or as {bytes, path}."
                        .formatted(Excerpt.text(column), file, Excerpt.text(type)));
    }

    /**
     * Returns the SQL condition that a row has an image.
     *
     * @param cell index of the column in the query for the rows
     */
    String present(int cell) {
        String none = kind == Kind.BYTES_AND_PATH || kind == Kind.BYTES ? String.valueOf(BEFORE_PATH) : "";
        return "c%1$s IS NOT NULL AND c%1$s NOT IN ('%2$s', 'null')".formatted(cell, none);
    }

    /** Returns the SQL expression that gives a cell as text. */
    String expression() {
        String name = DuckDb.name(column);
        return switch (kind) {
            case TEXT -> name;
            case BYTES -> "to_base64(%s) || '%s'".formatted(name, BEFORE_PATH);
            case BYTES_AND_PATH ->
                "CASE WHEN %1$s IS NULL THEN NULL ELSE coalesce(to_base64(%1$s.bytes), '') || '%2$s' || coalesce(%1$s.path, '') END"
                        .formatted(name, BEFORE_PATH);
        };
    }

    /**
     * Returns the image of a cell.
     *
     * @param row index of the row, from 0
     * @throws UserException if there is no image, or the cell names a missing file
     */
    ImageSource parse(long row, @Nullable String cell) {
        if (cell == null || cell.isBlank()) {
            throw missing(row);
        }
        if (kind == Kind.TEXT) {
            return ofText(row, cell.strip());
        }
        int end = cell.indexOf(BEFORE_PATH);
        return of(row, cell.substring(0, end), cell.substring(end + 1));
    }

    private ImageSource ofText(long row, String text) {
        if (text.startsWith("{")) {
            JsonNode object = object(row, text);
            return of(row, object.path("bytes").asText(""), object.path("path").asText(""));
        }
        Matcher address = DATA_ADDRESS.matcher(text);
        return address.lookingAt()
                ? ofDataAddress(row, address.group(1), text.substring(address.end()))
                : file(row, text);
    }

    private ImageSource ofDataAddress(long row, String type, String data) {
        if (!type.strip().toLowerCase(Locale.ROOT).endsWith(";base64")) {
            throw notBase64(row, new IllegalArgumentException("no data in base64"));
        }
        if (data.isBlank()) {
            throw missing(row);
        }
        try {
            String base64 = data.indexOf('%') < 0
                    ? data
                    : URLDecoder.decode(data.replace("+", "%2B"), StandardCharsets.US_ASCII);
            return new ImageSource.InCell("", decoded(row, base64));
        } catch (IllegalArgumentException e) {
            throw notBase64(row, e);
        }
    }

    private ImageSource of(long row, String base64, String path) {
        if (!base64.isEmpty()) {
            return new ImageSource.InCell(lastPart(path), decoded(row, base64));
        }
        if (path.isBlank()) {
            throw missing(row);
        }
        return file(row, path.strip());
    }

    private ImageSource file(long row, String name) {
        if (name.matches("(?i)[a-z][a-z0-9+.-]+://.*")) {
            throw new UserException("Row %s of %s has a web address for an image (%s); download it and write its path."
                    .formatted(row + 1, file, Excerpt.text(name)));
        }
        try {
            Path image = file.resolveSibling(name);
            if (!Files.isRegularFile(image)) {
                throw new UserException("Row %s of %s names the image %s, which is not there; mend column \"%s\"."
                        .formatted(row + 1, file, image, Excerpt.text(column)));
            }
            return new ImageSource.InFile(image);
        } catch (InvalidPathException e) {
            throw new UserException(
                    "Row %s of %s has no possible path of an image (%s) in column \"%s\"."
                            .formatted(row + 1, file, Excerpt.text(name), Excerpt.text(column)),
                    e);
        }
    }

    private JsonNode object(long row, String text) {
        try {
            return Json.parse(text);
        } catch (JsonProcessingException e) {
            throw new UserException(
                    "Row %s of %s has a broken object for an image in column \"%s\"."
                            .formatted(row + 1, file, Excerpt.text(column)),
                    e);
        }
    }

    private byte[] decoded(long row, String base64) {
        String text = WHITE_SPACE.matcher(base64).replaceAll("");
        boolean urlSafe = text.indexOf('-') >= 0 || text.indexOf('_') >= 0;
        try {
            return (urlSafe ? Base64.getUrlDecoder() : Base64.getDecoder()).decode(text);
        } catch (IllegalArgumentException e) {
            throw notBase64(row, e);
        }
    }

    private UserException notBase64(long row, IllegalArgumentException cause) {
        return new UserException(
                "Row %s of %s has an image in column \"%s\" that is not base64; write it again, or write the path of its file."
                        .formatted(row + 1, file, Excerpt.text(column)),
                cause);
    }

    private UserException missing(long row) {
        return new UserException("Row %s of %s has no image in column \"%s\"; fill it in or leave the row out."
                .formatted(row + 1, file, Excerpt.text(column)));
    }

    private static String lastPart(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
