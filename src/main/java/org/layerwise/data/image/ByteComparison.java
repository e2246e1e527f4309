package org.layerwise.data.image;

import java.util.Arrays;

/** Comparisons of the bytes of encoded images. */
final class ByteComparison {

    private ByteComparison() {}

    /** Returns true if {@code start} is at a position and is complete. */
    static boolean startsWith(byte[] bytes, int position, byte[] start) {
        int end = position + start.length;
        return end <= bytes.length && Arrays.equals(bytes, position, end, start, 0, start.length);
    }
}
