package org.layerwise.model.quantization;

import java.nio.ByteBuffer;
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

    private final StoredMatrix matrix;
    private final float[] largest;

    /** @param matrix matrix with values in float16 */
    RowwiseQuantizer(StoredMatrix matrix) {
        this.matrix = matrix;
        this.largest = matrix.largest(matrix.columns());
    }

    List<Named> pack() {
        String name = matrix.entry().name();
        String module = name.substring(0, name.length() - WEIGHT.length());
        return List.of(
                new Named(name, DType.I8, matrix.entry().shape(), matrix.codes(matrix.columns(), this::codes)),
                Named.of(module + "SCB", largest, largest.length),
                // 0 says that the codes lie row by row
                Named.of(module + "weight_format", DType.U8, new long[0], ByteBuffer.wrap(new byte[1])));
    }

    private byte[] codes(StoredMatrix.Piece piece) {
        byte[] codes = new byte[piece.size()];
        for (int begin = 0, row = piece.group(); begin < codes.length; begin += matrix.columns(), row++) {
            // rounded twice, as PyTorch divides a number by a tensor; a row of zeros has codes of zero
            float factor = largest[row] == 0 ? 0 : 1 / largest[row] * STEPS;
            for (int i = begin; i < begin + matrix.columns(); i++) {
                codes[i] = (byte) Math.rint(piece.values()[i] * factor);
            }
        }
        return codes;
    }
}
