package org.layerwise.analysis.similarity;

import java.util.List;
import org.layerwise.base.Progress;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Computes inner products of many long vectors in float64: one matrix product of all of them, a piece of their length
 * at a time.
 */
record InnerProducts(TensorEngine engine) {

    /** Maximum number of values on the device at once. */
    private static final int PIECE = 1 << 22;

    /** Returns {@code <a_i, b_j>} for all i and j. */
    double[][] of(List<double[]> a, List<double[]> b, Progress progress) {
        double[][] sums = new double[a.size()][b.size()];
        int length = a.get(0).length;
        int step = Math.max(1, PIECE / (a.size() + b.size()));
        for (int begin = 0; begin < length; begin += step) {
            progress.check();
            progress.report((double) begin / length, "Comparing all pairs");
            int end = Math.min(length, begin + step);
            try (Scope scope = engine.inference()) {
                Tensor left = piece(a, begin, end);
                Tensor right = a == b ? left : piece(b, begin, end);
                add(sums, left.matmul(right.transpose()).doubles());
            }
        }
        return sums;
    }

    private Tensor piece(List<double[]> vectors, int begin, int end) {
        int width = end - begin;
        double[] values = new double[vectors.size() * width];
        for (int i = 0; i < vectors.size(); i++) {
            System.arraycopy(vectors.get(i), begin, values, i * width, width);
        }
        return engine.of(values, vectors.size(), width);
    }

    /** Adds a matrix in row-major order. */
    static void add(double[][] sums, double[] more) {
        for (int i = 0; i < sums.length; i++) {
            for (int j = 0; j < sums[i].length; j++) {
                sums[i][j] += more[i * sums[i].length + j];
            }
        }
    }
}
