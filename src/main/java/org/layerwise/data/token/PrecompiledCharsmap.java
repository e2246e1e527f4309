package org.layerwise.data.token;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;

/**
 * Normalisation table of SentencePiece: the size of a trie in bytes, the trie as a double array of 32-bit units
 * (darts-clone), and the replacements, each ended by a zero byte. HuggingFace's crate {@code spm_precompiled} follows
 * the table without bounds checks.
 */
record PrecompiledCharsmap(int[] units, byte[] replacements) {

    private static final int LABEL = 1 << 31 | 0xff;
    private static final int LEAF = 1 << 8;
    private static final int FAR = 1 << 9;
    private static final int VALUE = ~(1 << 31);

    /**
     * Checks the table.
     *
     * @throws IllegalArgumentException if some text would lead out of the table; the message gives the position
     */
    static void check(byte[] charsmap) {
        ByteBuffer buffer = ByteBuffer.wrap(charsmap).order(ByteOrder.LITTLE_ENDIAN);
        long size = buffer.remaining() < Integer.BYTES ? 0 : Integer.toUnsignedLong(buffer.getInt());
        int[] units = new int[(int) Math.min(size, buffer.remaining()) / Integer.BYTES];
        if (size == 0 || size > buffer.remaining() || units.length == 0) {
            throw new IllegalArgumentException(
                    "it claims a trie of %s bytes and has %s".formatted(size, buffer.remaining()));
        }
        for (int i = 0; i < units.length; i++) {
            units[i] = buffer.getInt();
        }
        byte[] replacements = new byte[buffer.remaining()];
        buffer.get(replacements);
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(replacements));
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("its replacements are not UTF-8", e);
        }
        new PrecompiledCharsmap(units, replacements).follow();
    }

    /** Returns the length in bytes of the longest replacement of a table that stood the check. */
    static int longestReplacement(byte[] charsmap) {
        int begin = Integer.BYTES
                + ByteBuffer.wrap(charsmap).order(ByteOrder.LITTLE_ENDIAN).getInt();
        int longest = 0;
        for (int i = begin; i <= charsmap.length; i++) {
            if (i == charsmap.length || charsmap[i] == 0) {
                longest = Math.max(longest, i - begin);
                begin = i + 1;
            }
        }
        return longest;
    }

    /** Goes along all branches that a text can take. */
    private void follow() {
        BitSet seen = new BitSet(units.length);
        Deque<Integer> open = new ArrayDeque<>();
        open.add(inside(child(0)));
        while (!open.isEmpty()) {
            int base = open.remove();
            for (int c = 1; c <= 0xff; c++) {
                int node = inside(base ^ c);
                if ((units[node] & LABEL) != c) {
                    continue;
                }
                long next = child(node);
                if ((units[node] & LEAF) != 0) {
                    checkReplacement(units[inside(next)] & VALUE);
                }
                int branch = inside(next);
                if (!seen.get(branch)) {
                    seen.set(branch);
                    open.add(branch);
                }
            }
        }
    }

    private long child(int node) {
        long offset = (long) (units[node] >>> 10) << ((units[node] & FAR) >>> 6);
        return node ^ offset;
    }

    private int inside(long node) {
        if (node >= units.length) {
            throw new IllegalArgumentException("its trie of %s units leads to unit %s".formatted(units.length, node));
        }
        return (int) node;
    }

    private void checkReplacement(int begin) {
        boolean within = begin <= replacements.length;
        if (!within || begin < replacements.length && (replacements[begin] & 0xc0) == 0x80) {
            throw new IllegalArgumentException(
                    "a replacement begins at byte %s of %s".formatted(begin, replacements.length));
        }
    }
}
