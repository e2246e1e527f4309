package org.layerwise.analysis.similarity;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Matrix;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Representations;

/** Makes representations. */
final class Layers {

    private Layers() {}

    static Representations of(double[][]... layers) {
        return at(null, layers);
    }

    static Representations at(@Nullable Position position, double[][]... layers) {
        List<Matrix> matrices = new ArrayList<>();
        for (double[][] layer : layers) {
            float[] values = new float[layer.length * layer[0].length];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) layer[i / layer[0].length][i % layer[0].length];
            }
            matrices.add(new Matrix(layer.length, layer[0].length, values));
        }
        return new Representations(position, matrices);
    }

    /** Normal numbers, to the nearest 1/1024: doubled, turned by halves and moved by whole numbers, they stay exact. */
    static double[][] normal(Random random, int rows, int columns) {
        double[][] matrix = new double[rows][columns];
        for (double[] row : matrix) {
            for (int i = 0; i < columns; i++) {
                row[i] = Math.rint(random.nextGaussian() * 1024) / 1024;
            }
        }
        return matrix;
    }

    /** A column. */
    static double[][] column(double... values) {
        double[][] matrix = new double[values.length][1];
        for (int i = 0; i < values.length; i++) {
            matrix[i][0] = values[i];
        }
        return matrix;
    }
}
