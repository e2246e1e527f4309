package org.layerwise.run;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.file.Sha256;
import org.layerwise.data.Labels;
import org.layerwise.data.TokenRow;
import org.layerwise.data.token.RowImages;
import org.layerwise.data.token.TokenizedDataset;

/** Hash of token rows and their labels, for a {@link RowsIdentity}. Rows may be added in several parts. */
public final class RowsHash {

    private final Hash rows = new Hash();
    private final List<Labels> labels = new ArrayList<>();
    private @Nullable Hash images;

    /**
     * Adds rows after the rows that were added before.
     *
     * @throws org.layerwise.base.UserException if an image cannot be read
     */
    public RowsHash add(TokenizedDataset tokens) {
        for (TokenRow row : tokens.rows()) {
            rows.numbers('t', row.ids());
            rows.numbers('s', row.typeIds());
            rows.numbers('m', row.mask());
        }
        if (!(tokens.labels() instanceof Labels.None)) {
            labels.add(tokens.labels());
        }
        if (tokens.images() != null) {
            add(tokens.images());
        }
        return this;
    }

    private void add(RowImages added) {
        if (images == null) {
            images = new Hash();
            images.text('p', added.preprocessor().settings());
        }
        for (int row = 0; row < added.sources().size(); row++) {
            images.bytes('i', added.encoded(row));
        }
    }

    /** Returns the identity of all rows that were added; no rows can be added afterwards. */
    public RowsIdentity identity() {
        labels.forEach(rows::labels);
        return new RowsIdentity(rows.hex(), images == null ? null : images.hex());
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
                if (!classes.numbered()) { // names of numbers are no part of the rows, and old runs do not have them
                    classes.names().forEach(name -> text('n', name));
                }
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
