package org.layerwise.study;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Sha256;
import org.layerwise.data.Labels;
import org.layerwise.data.RowImages;
import org.layerwise.data.TokenRow;

/**
 * Identity of the rows of a training or an evaluation. Unlike {@link org.layerwise.data.DataHash}, it also changes with
 * the labels, the tokenizer and the maximum length.
 *
 * @param sha256 SHA-256 hash over token ids, token types, masks and labels, in order; 64 hexadecimal digits
 * @param imagesSha256 SHA-256 hash over the encoded images and their preprocessing; null if there are no images, or for
 *     a file of an earlier version, which did not hash images
 */
public record RowsIdentity(String sha256, @Nullable String imagesSha256) {

    /**
     * Returns the identity of rows with their labels.
     *
     * @throws org.layerwise.base.UserException if an image cannot be read
     */
    static RowsIdentity of(LabelledData data) {
        Hash hash = new Hash();
        for (TokenRow row : data.tokens().rows()) {
            hash.numbers('t', row.ids());
            hash.numbers('s', row.typeIds());
            hash.numbers('m', row.mask());
        }
        hash.labels(data.tokens().labels());
        RowImages images = data.tokens().images();
        return new RowsIdentity(hash.hex(), images == null ? null : of(images));
    }

    private static String of(RowImages images) {
        Hash hash = new Hash();
        hash.text('p', images.preprocessor().settings());
        for (int row = 0; row < images.sources().size(); row++) {
            hash.bytes('i', images.encoded(row));
        }
        return hash.hex();
    }

    /** Returns false if the rows are known to differ. A missing hash of the images matches every hash. */
    public boolean isSame(RowsIdentity other) {
        return sha256.equals(other.sha256)
                && (imagesSha256 == null || other.imagesSha256 == null || imagesSha256.equals(other.imagesSha256));
    }

    /** Returns true if both are null, or both are the same rows. */
    public static boolean same(@Nullable RowsIdentity one, @Nullable RowsIdentity other) {
        return one == null || other == null ? one == other : one.isSame(other);
    }

    private static final class Hash {

        private final MessageDigest digest = Sha256.digest();

        String hex() {
            return HexFormat.of().formatHex(digest.digest());
        }

        void text(char kind, String text) {
            bytes(kind, text.getBytes(StandardCharsets.UTF_8));
        }

        void labels(Labels labels) {
            if (labels instanceof Labels.Classes classes) {
                for (int value : classes.values()) {
                    numbers('c', new long[] {value});
                }
                classes.names().forEach(name -> text('n', name));
            } else if (labels instanceof Labels.Numbers numbers) {
                for (double value : numbers.values()) {
                    numbers('d', new long[] {Double.doubleToLongBits(value)});
                }
            } else if (labels instanceof Labels.TokenLabels tokens) {
                for (long[] row : tokens.values()) {
                    numbers('l', row);
                }
            }
        }

        void numbers(char kind, long @Nullable [] numbers) {
            if (numbers != null) {
                ByteBuffer buffer = ByteBuffer.allocate(Math.multiplyExact(numbers.length, Long.BYTES));
                buffer.asLongBuffer().put(numbers);
                bytes(kind, buffer.array());
            }
        }

        /** Adds bytes with their kind and length in front, so that consecutive values cannot be confused. */
        void bytes(char kind, byte[] content) {
            digest.update((byte) kind);
            digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, content.length));
            digest.update(content);
        }
    }
}
