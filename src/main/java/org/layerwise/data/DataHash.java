package org.layerwise.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.file.Sha256;

/**
 * SHA-256 hash over the content that a model gets of some rows: their texts, second texts, token ids, token types and
 * encoded images, in order, and the form of the texts. The same rows give the same hash for all files and formats that
 * contain them and for all divisions into chunks; labels, column names and unused rows do not matter.
 */
public final class DataHash {

    private final MessageDigest digest;

    public DataHash() {
        digest = Sha256.digest();
    }

    /** Returns the hash of all rows, 64 hexadecimal digits. */
    public static String of(Dataset data) {
        return new DataHash().add(data).hex();
    }

    /** Adds rows after the rows that were added before. */
    public DataHash add(Dataset data) {
        for (int row = 0; row < data.size(); row++) {
            if (data.pretokenized()) {
                numbers('t', data.tokenRows().get(row).ids());
                numbers('s', data.tokenRows().get(row).typeIds());
            } else {
                text('f', data.form().name());
                text('1', data.texts().get(row));
                text('2', data.secondTexts() == null ? null : data.secondTexts().get(row));
            }
            if (data.images() != null) {
                bytes('i', data.images().get(row).read("The image in " + data.place(row)));
            }
        }
        return this;
    }

    /** Returns the hash of all rows that were added, 64 hexadecimal digits; no rows can be added afterwards. */
    public String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }

    private void text(char kind, @Nullable String text) {
        if (text != null) {
            bytes(kind, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private void numbers(char kind, long @Nullable [] numbers) {
        if (numbers != null) {
            ByteBuffer buffer = ByteBuffer.allocate(Math.multiplyExact(numbers.length, Long.BYTES));
            buffer.asLongBuffer().put(numbers);
            bytes(kind, buffer.array());
        }
    }

    /** Adds content, preceded by its kind and length, so that adjacent rows cannot be confused. */
    private void bytes(char kind, byte[] content) {
        digest.update((byte) kind);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, content.length));
        digest.update(content);
    }
}
