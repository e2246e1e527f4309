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
 * Tells rows, as a training or an evaluation sees them, from others. Unlike {@link org.layerwise.data.DataHash}
 * it changes with the labels, the tokenizer and the limit of the length, too.
 *
 * @param sha256 over token ids, token types, masks and labels, in order; 64 hexadecimal digits
 * @param imagesSha256 over the encoded images and how they are prepared; null where there are none, or an earlier version
 *     did not look at them
 */
public record RowsIdentity(String sha256, @Nullable String imagesSha256) {

    /** @throws org.layerwise.base.UserException if an image cannot be read */
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

    /** Returns false if rows differ, as far as is known of both. */
    public boolean isSame(RowsIdentity other) {
        return sha256.equals(other.sha256)
                && (imagesSha256 == null || other.imagesSha256 == null || imagesSha256.equals(other.imagesSha256));
    }

    /** Returns true if both are none, or the same rows. */
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

        /** With kind and length before it, so that no two rows run into each other. */
        void bytes(char kind, byte[] content) {
            digest.update((byte) kind);
            digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, content.length));
            digest.update(content);
        }
    }
}
