package org.layerwise.data.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.InflaterInputStream;

/** Texts with a keyword in a PNG file: its chunks tEXt, zTXt and iTXt (PNG specification, section 11.3.3). */
final class PngTexts {

    /** Maximum number of bytes of a compressed text that Pillow reads. */
    private static final int MOST_BYTES = 1 << 20;

    private PngTexts() {}

    /** Returns the text of a keyword as bytes; empty if there is none that can be read. */
    static Optional<byte[]> of(byte[] file, String keyword) {
        byte[] start = (keyword + "\0").getBytes(StandardCharsets.ISO_8859_1);
        for (String type : new String[] {"tEXt", "zTXt", "iTXt"}) {
            for (byte[] chunk : PngChunks.contents(file, type)) {
                if (ByteComparison.startsWith(chunk, 0, start)) {
                    return text(type, chunk, start.length);
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<byte[]> text(String type, byte[] chunk, int from) {
        return switch (type) {
            case "tEXt" -> Optional.of(Arrays.copyOfRange(chunk, from, chunk.length));
            case "zTXt" -> from + 1 > chunk.length ? Optional.empty() : unpacked(chunk, from + 1);
            default -> international(chunk, from);
        };
    }

    /**
     * Returns the text of an iTXt chunk. After the keyword follow a flag for compression, the method, a language and
     * the keyword in this language, both ended by 0, and the text.
     */
    private static Optional<byte[]> international(byte[] chunk, int flag) {
        int at = flag + 2;
        for (int skipped = 0; skipped < 2; skipped++) {
            while (at < chunk.length && chunk[at] != 0) {
                at++;
            }
            at++;
        }
        if (at > chunk.length) {
            return Optional.empty();
        }
        return chunk[flag] == 0 ? Optional.of(Arrays.copyOfRange(chunk, at, chunk.length)) : unpacked(chunk, at);
    }

    private static Optional<byte[]> unpacked(byte[] chunk, int from) {
        try (InflaterInputStream in =
                new InflaterInputStream(new ByteArrayInputStream(chunk, from, chunk.length - from))) {
            return Optional.of(in.readNBytes(MOST_BYTES));
        } catch (IOException e) {
            return Optional.empty(); // Pillow ignores a text that cannot be decompressed
        }
    }
}
