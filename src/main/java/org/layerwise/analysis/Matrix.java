package org.layerwise.analysis;

/**
 * Matrix of floats on the host, in row-major order.
 *
 * @param values {@code rows * columns} numbers; not copied
 */
public record Matrix(int rows, int columns, float[] values) {

    public Matrix {
        if (values.length != Math.multiplyExact(rows, columns)) {
            throw new IllegalArgumentException(
                    "a matrix of %s x %s does not hold %s values".formatted(rows, columns, values.length));
        }
    }

    /** Returns the element in a row and a column. */
    public float at(int row, int column) {
        return values[row * columns + column];
    }
}
