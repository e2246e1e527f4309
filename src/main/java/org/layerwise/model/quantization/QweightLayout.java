package org.layerwise.model.quantization;

import java.nio.IntBuffer;

/** Arrangement of the 4-bit codes of {@code qweight} in words of 32 bits, and of the zeros and scales of its groups of inputs. */
enum QweightLayout {

    /** Words along the inputs: codes {@code [in/8, out]}. */
    GPTQ {
        @Override
        void unpack(IntBuffer words, Tile tile, byte[] codes) {
            int[] some = new int[tile.rows()];
            for (int i = 0; i < tile.in(); i += IN_WORD) {
                words.get(i / IN_WORD * tile.out() + tile.from(), some);
                for (int o = 0; o < some.length; o++) {
                    int at = o * tile.in() + i;
                    for (int place = 0; place < IN_WORD; place++) {
                        codes[at + place] = (byte) (some[o] >>> BITS * place & LOW);
                    }
                }
            }
        }

        @Override
        int zero(IntBuffer zeros, Tile tile, int row, int group) {
            int across = (tile.out() - 1) / IN_WORD + 1;
            return nibble(zeros.get(group * across + row / IN_WORD), row % IN_WORD);
        }
    },

    /** Words along the outputs: codes {@code [in, out/8]} in an order of their own. */
    AWQ {
        @Override
        void unpack(IntBuffer words, Tile tile, byte[] codes) {
            int across = tile.out() / IN_WORD;
            int[] shifts = new int[IN_WORD];
            for (int o = 0; o < IN_WORD; o++) {
                shifts[o] = BITS * AwqFormat.place(o);
            }
            int in = tile.in();
            for (int word = 0; word < tile.rows() / IN_WORD; word++) {
                for (int i = 0; i < in; i++) {
                    int some = words.get(i * across + tile.from() / IN_WORD + word);
                    int at = word * IN_WORD * in + i;
                    for (int o = 0; o < IN_WORD; o++) {
                        codes[at + o * in] = (byte) (some >>> shifts[o] & LOW);
                    }
                }
            }
        }

        @Override
        int zero(IntBuffer zeros, Tile tile, int row, int group) {
            return nibble(zeros.get(group * (tile.out() / IN_WORD) + row / IN_WORD), AwqFormat.place(row % IN_WORD));
        }
    };

    /** Codes in a word. */
    static final int IN_WORD = 8;

    /** Bits of a code. */
    static final int BITS = 4;

    private static final int LOW = 0xf;

    /**
     * Some rows of a matrix.
     *
     * @param out rows of the matrix
     * @param in its columns
     * @param groups groups of its columns
     * @param from first row, a multiple of 8
     * @param rows number of rows, for {@link #AWQ} a multiple of 8
     */
    record Tile(int out, int in, int groups, int from, int rows) {}

    /** Writes the codes of some rows, one a byte, {@code [rows, in]}. */
    abstract void unpack(IntBuffer words, Tile tile, byte[] codes);

    /** Returns the zero of a row of the matrix and a group of inputs. */
    abstract int zero(IntBuffer zeros, Tile tile, int row, int group);

    /** Returns the index of the scale of a row of the matrix and a group of inputs: scales are {@code [groups, out]}. */
    int scale(Tile tile, int row, int group) {
        return group * tile.out() + row;
    }

    private static int nibble(int word, int place) {
        return word >>> BITS * place & LOW;
    }
}
