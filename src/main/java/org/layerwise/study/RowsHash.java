package org.layerwise.study;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Sha256;
import org.layerwise.data.Labels;
import org.layerwise.data.TokenRow;

/**
 * SHA-256 over all that a training sees of its rows: token ids, token types, masks and labels, in order. Unlike
 * {@link org.layerwise.data.DataHash} it changes with the labels, the tokenizer and the limit of the length, too.
 */
final class RowsHash {

    private final MessageDigest digest;

    private RowsHash() {
        digest = Sha256.digest();
    }

    /** 64 hexadecimal digits. */
    static String of(LabelledData data) {
        RowsHash hash = new RowsHash();
        for (TokenRow row : data.tokens().rows()) {
            hash.numbers('t', row.ids());
            hash.numbers('s', row.typeIds());
            hash.numbers('m', row.mask());
        }
        hash.labels(data.tokens().labels());
        return HexFormat.of().formatHex(hash.digest.digest());
    }

    private void labels(Labels labels) {
        if (labels instanceof Labels.Classes classes) {
            for (int value : classes.values()) {
                numbers('c', new long[] {value});
            }
            classes.names().forEach(name -> bytes('n', name.getBytes(StandardCharsets.UTF_8)));
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

    private void numbers(char kind, long @Nullable [] numbers) {
        if (numbers != null) {
            ByteBuffer buffer = ByteBuffer.allocate(Math.multiplyExact(numbers.length, Long.BYTES));
            buffer.asLongBuffer().put(numbers);
            bytes(kind, buffer.array());
        }
    }

    /** With kind and length before it, so that no two rows run into each other. */
    private void bytes(char kind, byte[] content) {
        digest.update((byte) kind);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, content.length));
        digest.update(content);
    }
}
