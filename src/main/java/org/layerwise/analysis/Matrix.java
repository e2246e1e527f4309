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

    /** Returns a copy of some rows, in the given order. */
    public Matrix rows(int[] chosen) {
        float[] copy = new float[Math.multiplyExact(chosen.length, columns)];
        for (int row = 0; row < chosen.length; row++) {
            System.arraycopy(values, chosen[row] * columns, copy, row * columns, columns);
        }
        return new Matrix(chosen.length, columns, copy);
    }

    /** Returns the element in a row and a column. */
    public float at(int row, int column) {
        return values[row * columns + column];
    }
}
