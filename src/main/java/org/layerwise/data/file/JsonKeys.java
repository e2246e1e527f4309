package org.layerwise.data.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;

/** Names of the fields of a JSON file's rows, collected from the pieces of the file in which they occur. */
final class JsonKeys {

    private static final int USUAL = 64;

    private final Path file;
    private final Map<ByteBuffer, Long> rows = new LinkedHashMap<>(); // the row of the first occurrence, from 1
    private final byte[][] usual = new byte[USUAL][]; // the last keys by their place in the row
    private final ByteArrayOutputStream earlier = new ByteArrayOutputStream();
    private long bytesOfAll;
    private int start;
    private int place;
    private boolean expected;
    private boolean open;
    private byte @Nullable [] found;

    JsonKeys(Path file) {
        this.file = file;
    }

    /** Notes that the next string is a key, if a colon follows it. */
    void expect() {
        drop();
        expected = true;
    }

    /** Notes that the string that began last does not end. */
    void drop() {
        expected = false;
        open = false;
        found = null;
    }

    /**
     * Notes the beginning of a string that may be a key.
     *
     * @param position position of its first character in the piece
     * @param fields number of fields before it in its row
     */
    void begin(int position, int fields) {
        open = expected;
        expected = false;
        start = position;
        place = Math.min(fields, USUAL - 1);
        earlier.reset();
    }

    /**
     * Notes the end of the string that began last.
     *
     * @param position position of the closing quote in the piece
     */
    void end(byte[] piece, int position) {
        if (!open) {
            return;
        }
        open = false;
        if (earlier.size() > 0) {
            earlier.write(piece, start, position - start);
            found = earlier.toByteArray();
        } else if (!usual(piece, position)) {
            found = Arrays.copyOfRange(piece, start, position);
        }
    }

    private boolean usual(byte[] piece, int end) {
        byte[] key = usual[place];
        return key != null && Arrays.equals(key, 0, key.length, piece, start, end);
    }

    /** Keeps what a piece contains of a key that goes on in the next piece. */
    void pieceEnds(byte[] piece, int length) {
        if (open) {
            earlier.write(piece, start, length - start);
            start = 0;
        }
    }

    /**
     * Notes the colon behind a key.
     *
     * @param row number of the row, from 1
     * @throws UserException if the rows have too many different keys
     */
    void colon(long row) {
        expected = false;
        if (found == null) {
            return;
        }
        usual[place] = found;
        if (rows.putIfAbsent(ByteBuffer.wrap(found), row) == null) {
            bytesOfAll += found.length;
            if (rows.size() > RowBounds.MOST_DIFFERENT_FIELDS || bytesOfAll > RowBounds.LONGEST) {
                throw RowBounds.tooManyFields(file, row);
            }
        }
        found = null;
    }

    /** Returns the keys of the first rows, each once, in the order in which they first occur. */
    List<String> of(long first) {
        return rows.entrySet().stream()
                .filter(key -> key.getValue() <= first)
                .map(key -> decoded(key.getKey().array()))
                .distinct()
                .toList();
    }

    private static String decoded(byte[] key) {
        String text = new String(key, StandardCharsets.UTF_8);
        if (text.indexOf('\\') < 0) {
            return text;
        }
        try {
            return Json.parse('"' + text + '"').asText();
        } catch (JsonProcessingException e) {
            return text; // DuckDB refuses the row
        }
    }
}
