package org.layerwise.model.quantization;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import org.layerwise.checkpoint.SafetensorsWriter.Named;
import org.layerwise.tensor.DType;

/**
 * Packs a matrix into 8 bits with a scale for each row as bitsandbytes does, to the bit: values are rounded to float16, then to
 * the nearest of 255 steps of the row's largest size.
 */
final class RowwiseQuantizer {

    private static final float STEPS = 127;
    private static final String WEIGHT = "weight";

    /** Values of a piece, at least those of one row. */
    private static final int PIECE = 1 << 20;

    private final StoredMatrix matrix;
    private final float[] largest;

    RowwiseQuantizer(StoredMatrix matrix) {
        this.matrix = matrix;
        this.largest = new float[Math.toIntExact(matrix.rows())];
        int row = 0;
        for (Iterator<StoredMatrix.Piece> pieces = pieces(); pieces.hasNext(); ) {
            StoredMatrix.Piece piece = pieces.next();
            for (int begin = 0; begin < piece.size(); begin += matrix.columns()) {
                float most = 0;
                for (int i = begin; i < begin + matrix.columns(); i++) {
                    most = Math.max(most, Math.abs(Float16Rounding.round(piece.values()[i])));
                }
                largest[row++] = matrix.finite(most);
            }
        }
    }

    private Iterator<StoredMatrix.Piece> pieces() {
        return matrix.pieces(Math.max(1, PIECE / matrix.columns()) * matrix.columns());
    }

    List<Named> pack() {
        String name = matrix.entry().name();
        String module = name.substring(0, name.length() - WEIGHT.length());
        return List.of(
                new Named(name, DType.I8, matrix.entry().shape(), this::codes),
                Named.of(module + "SCB", largest, largest.length),
                // 0 says that the codes lie row by row
                Named.of(module + "weight_format", DType.U8, new long[0], ByteBuffer.wrap(new byte[1])));
    }

    private Iterator<ByteBuffer> codes() {
        Iterator<StoredMatrix.Piece> pieces = pieces();
        return new Iterator<>() {
            private int row;

            @Override
            public boolean hasNext() {
                return pieces.hasNext();
            }

            @Override
            public ByteBuffer next() {
                StoredMatrix.Piece piece = pieces.next();
                byte[] codes = new byte[piece.size()];
                for (int begin = 0; begin < codes.length; begin += matrix.columns()) {
                    float most = largest[row++];
                    // rounded twice, as PyTorch divides a number by a tensor; a row of zeros has codes of zero
                    float factor = most == 0 ? 0 : 1 / most * STEPS;
                    for (int i = begin; i < begin + matrix.columns(); i++) {
                        codes[i] = (byte) Math.rint(Float16Rounding.round(piece.values()[i]) * factor);
                    }
                }
                return ByteBuffer.wrap(codes);
            }
        };
    }
}
