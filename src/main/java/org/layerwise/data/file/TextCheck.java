package org.layerwise.data.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.layerwise.base.UserException;

/**
 * Checks of the beginning of a text file. On other content, a parser fails late and with a misleading message, such as
 * column names of control characters or a row of an unexpected length.
 */
final class TextCheck {

    private static final int LOOKED_AT = 64 * 1024;
    private static final int BYTE_ORDER_MARK = '\uFEFF';
    private static final String OBJECT = "{\"text\": \"fine\", \"label\": 1}";

    private TextCheck() {}

    /**
     * Makes sure that a file begins as UTF-8 text, with or without a byte order mark.
     *
     * @throws UserException if it is text in another encoding, or not text
     */
    static void requireUtf8(Path file) {
        byte[] head = head(file);
        if (head.length >= 2 && ((head[0] & 0xFF) << 8 | head[1] & 0xFF) == BYTE_ORDER_MARK
                || head.length >= 2 && ((head[1] & 0xFF) << 8 | head[0] & 0xFF) == BYTE_ORDER_MARK) {
            throw new UserException("%s is UTF-16 and not UTF-8 text; save it as UTF-8.".formatted(file));
        }
        for (int i = 0; i < head.length; i++) {
            if (head[i] == 0) {
                throw zeroByte(file, line(head, i));
            }
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer bytes = ByteBuffer.wrap(head);
        // the last character of the part that was read may be incomplete
        boolean whole = head.length < LOOKED_AT;
        if (decoder.decode(bytes, CharBuffer.allocate(head.length + 1), whole).isError()) {
            throw notUtf8(file, line(head, bytes.position()), "bytes of another encoding");
        }
    }

    /**
     * Makes sure that a file begins with JSON objects.
     *
     * @param lines true if there must be one object per line; false if the objects may also form an array
     * @throws UserException if the file is empty or begins with something else
     */
    static void requireObjects(Path file, boolean lines) {
        try (InputStream in = Gzip.open(file)) {
            int first = nextVisible(in);
            boolean array = first == '[';
            if (first < 0 || (array && !lines && nextVisible(in) == ']')) {
                throw new UserException("%s is empty: it holds no rows.".formatted(file));
            }
            if (array && lines) {
                throw new UserException(
                        "%s holds a JSON array and not an object a line; let its name end in .json.".formatted(file));
            }
            if (first != '{' && !array) {
                throw new UserException("%s does not begin with a JSON object; every row must be one, such as %s."
                        .formatted(file, OBJECT));
            }
        } catch (IOException e) {
            throw Gzip.failure(file, e);
        }
    }

    /** Returns true if a JSON file begins with an array, with or without a byte order mark. */
    static boolean array(Path file) {
        try (InputStream in = Gzip.open(file)) {
            return nextVisible(in) == '[';
        } catch (IOException e) {
            throw Gzip.failure(file, e);
        }
    }

    private static int nextVisible(InputStream in) throws IOException {
        int c = in.read();
        // the last three bytes form a byte order mark
        while (c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == 0xEF || c == 0xBB || c == 0xBF) {
            c = in.read();
        }
        return c;
    }

    private static byte[] head(Path file) {
        try (InputStream in = Gzip.open(file)) {
            return in.readNBytes(LOOKED_AT);
        } catch (IOException e) {
            throw Gzip.failure(file, e);
        }
    }

    private static long line(byte[] head, int position) {
        long line = 1;
        for (byte each : Arrays.copyOf(head, position)) {
            line += each == '\n' ? 1 : 0;
        }
        return line;
    }

    /**
     * Returns the exception for a zero byte.
     *
     * @param line number of the line that holds it, from 1
     */
    static UserException zeroByte(Path file, long line) {
        return notUtf8(file, line, "a zero byte, as binary files do");
    }

    private static UserException notUtf8(Path file, long line, String what) {
        return new UserException(
                "%s is not UTF-8 text: line %s holds %s; save it as UTF-8 text.".formatted(file, line, what));
    }
}
