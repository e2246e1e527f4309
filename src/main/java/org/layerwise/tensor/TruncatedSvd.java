package org.layerwise.tensor;

import java.util.Random;
import org.layerwise.base.Progress;

/**
 * Largest singular values of a matrix with their vectors, by subspace iteration (Halko et al., arXiv 0909.4061,
 * section 4.5) until the values stand still. It costs far less than all singular values.
 */
public final class TruncatedSvd {

    private static final int OVERSAMPLING = 10;
    private static final int MOST_ITERATIONS = 300;

    /** Largest relative change of a value that stands still. */
    private static final double CONVERGED = 1e-12;

    /** Change that the rounding of float64 can cause, as a share of the largest value. */
    private static final double ROUNDING = 1e-15;

    private TruncatedSvd() {}

    /**
     * Returns {@code u [m, count]}, {@code s [count]} in descending order and {@code vt [count, n]} in the innermost open
     * scope. The element of the largest magnitude of each row of {@code vt} is positive.
     *
     * @param matrix {@code [m, n]}, float64
     * @param count from 1 to the smaller side of the matrix
     * @param progress cancels the iteration; nothing is reported to it
     * @throws org.layerwise.base.CancelledException if cancelled
     */
    public static Factorizations.Svd of(Tensor matrix, int count, Progress progress) {
        TensorEngine engine = matrix.engine();
        int smaller = Math.toIntExact(Math.min(matrix.size(0), matrix.size(1)));
        int width = Math.min(smaller, 2 * count + OVERSAMPLING);
        try (Scope scope = engine.scope()) {
            Factorizations.Svd all = width == smaller
                    ? Factorizations.svd(matrix)
                    : inSubspace(matrix, rightSubspace(matrix, width, count, progress));
            Tensor vt = all.vt().slice(0, 0, count);
            Tensor signs = signs(engine, vt);
            return new Factorizations.Svd(
                    scope.keep(all.u().slice(1, 0, count).mul(signs.transpose()).contiguous()),
                    scope.keep(all.s().slice(0, 0, count).copy()),
                    scope.keep(vt.mul(signs).contiguous()));
        }
    }

    /** Returns an orthonormal basis near the right singular vectors of the largest values, {@code [n, width]}. */
    private static Tensor rightSubspace(Tensor matrix, int width, int count, Progress progress) {
        TensorEngine engine = matrix.engine();
        int columns = Math.toIntExact(matrix.size(1));
        double[] start =
                new Random(columns).doubles((long) columns * width, -1, 1).toArray();
        Tensor basis = Factorizations.qr(engine.of(start, columns, width).to(matrix.device()))
                .q();
        double[] before = new double[count];
        for (int iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
            progress.check();
            try (Scope scope = engine.scope()) {
                Tensor left = Factorizations.qr(matrix.matmul(basis)).q();
                Factorizations.Qr right = Factorizations.qr(matrix.transpose().matmul(left));
                double[] values = Factorizations.singularValues(right.r())
                        .slice(0, 0, count)
                        .doubles();
                basis = scope.keep(right.q());
                if (still(values, before)) {
                    break;
                }
                before = values;
            }
        }
        return basis;
    }

    private static Factorizations.Svd inSubspace(Tensor matrix, Tensor basis) {
        Factorizations.Svd small = Factorizations.svd(matrix.matmul(basis));
        return new Factorizations.Svd(small.u(), small.s(), small.vt().matmul(basis.transpose()));
    }

    private static boolean still(double[] values, double[] before) {
        for (int i = 0; i < values.length; i++) {
            if (Math.abs(values[i] - before[i]) > CONVERGED * values[i] + ROUNDING * values[0]) {
                return false;
            }
        }
        return true;
    }

    /** Returns the sign of the element of the largest magnitude of each row, {@code [rows, 1]}. */
    private static Tensor signs(TensorEngine engine, Tensor rows) {
        double[] values = rows.contiguous().doubles();
        int count = Math.toIntExact(rows.size(0));
        int width = Math.toIntExact(rows.size(1));
        double[] signs = new double[count];
        for (int row = 0; row < count; row++) {
            double largest = 0;
            for (int i = row * width; i < (row + 1) * width; i++) {
                largest = Math.abs(values[i]) > Math.abs(largest) ? values[i] : largest;
            }
            signs[row] = largest < 0 ? -1 : 1;
        }
        return engine.of(signs, count, 1).to(rows.device());
    }
}
