package org.layerwise.model.quantization;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.TensorEntry;
import org.layerwise.tensor.DType;

/**
 * Matrix of a checkpoint, read as float32 some values at a time.
 *
 * @param entry its place; float32, float16 or bfloat16
 * @param half true to round the values to float16
 * @param progress checked before each piece
 */
record StoredMatrix(Checkpoint checkpoint, TensorEntry entry, boolean half, Progress progress) {

    /** Number of values of a piece, or of one group if that is more. */
    private static final int PIECE = 1 << 20;

    /**
     * Values that follow one another.
     *
     * @param values array that is overwritten with the next piece
     * @param size number of values in it
     * @param group number of the first group in it
     */
    record Piece(float[] values, int size, int group) {}

    long rows() {
        return entry.shape()[0];
    }

    int columns() {
        return Math.toIntExact(entry.shape()[1]);
    }

    long elements() {
        return entry.elements();
    }

    /**
     * Returns the largest size in each group of values that follow one another.
     *
     * @throws UserException if a value is not finite
     */
    float[] largest(int group) {
        float[] largest = new float[Math.toIntExact(StoredParts.blocks(elements(), group))];
        for (Iterator<Piece> pieces = pieces(group); pieces.hasNext(); ) {
            Piece piece = pieces.next();
            for (int i = 0; i < piece.size(); i++) {
                int index = piece.group() + i / group;
                largest[index] = Math.max(largest[index], Math.abs(piece.values()[i]));
            }
        }
        for (float most : largest) {
            requireFinite(most);
        }
        return largest;
    }

    /**
     * Returns the codes of the values, made piece by piece when they are iterated.
     *
     * @param group number of values of a group, of which a piece has whole ones
     */
    Iterable<ByteBuffer> codes(int group, Function<Piece, byte[]> encoder) {
        return () -> {
            Iterator<Piece> pieces = pieces(group);
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return pieces.hasNext();
                }

                @Override
                public ByteBuffer next() {
                    return ByteBuffer.wrap(encoder.apply(pieces.next()));
                }
            };
        };
    }

    private Iterator<Piece> pieces(int group) {
        int bytes = entry.type().bytes();
        int room = (int) Math.min((long) Math.max(1, PIECE / group) * group, elements());
        return new Iterator<>() {
            private final ByteBuffer buffer =
                    ByteBuffer.allocateDirect(room * bytes).order(ByteOrder.LITTLE_ENDIAN);
            private final float[] values = new float[room];
            private long done;

            @Override
            public boolean hasNext() {
                return done < elements();
            }

            @Override
            public Piece next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                progress.check();
                int size = (int) Math.min(room, elements() - done);
                buffer.clear().limit(size * bytes);
                checkpoint.read(entry.name(), done * bytes, buffer);
                convert(buffer.flip(), values, size);
                Piece piece = new Piece(values, size, (int) (done / group));
                done += size;
                return piece;
            }
        };
    }

    private void convert(ByteBuffer buffer, float[] values, int size) {
        StoredFloats.read(buffer, entry.type(), values, size);
        if (half && entry.type() != DType.F16) {
            for (int i = 0; i < size; i++) {
                values[i] = Float16Rounding.round(values[i]);
            }
        }
    }

    private void requireFinite(float largest) {
        if (!Float.isFinite(largest)) {
            throw new UserException(
                    "%s: tensor '%s' has a value that is not finite, so it cannot be quantised; copy or download it again."
                            .formatted(checkpoint.file(entry.name()), entry.name()));
        }
    }
}
