package org.layerwise.tensor;

import ai.djl.pytorch.engine.PtNDArray;

/** Factorizations of matrices, computed by LAPACK or its counterpart on the device. */
public final class Factorizations {

    private Factorizations() {}

    /**
     * Result of {@link #svd}: {@code X = U diag(S) V^T} with {@code u [m, k], s [k], vt [k, n]}, {@code k = min(m, n)}
     * and S in descending order.
     */
    public record Svd(Tensor u, Tensor s, Tensor vt) {}

    /**
     * Result of {@link #qr}: {@code X = Q R} with orthonormal columns in {@code q [m, k]} and {@code r [k, n]} upper
     * triangular.
     */
    public record Qr(Tensor q, Tensor r) {}

    /** Computes the reduced singular value decomposition. */
    public static Svd svd(Tensor x) {
        PtNDArray[] parts = x.engine().ops().callTuple("svd", x.array());
        return new Svd(
                x.engine().adopt(parts[0]),
                x.engine().adopt(parts[1]),
                x.engine().adopt(parts[2]));
    }

    /**
     * Computes the singular values alone, {@code [min(m, n)]} in descending order, which is far cheaper than with their
     * vectors.
     */
    public static Tensor singularValues(Tensor x) {
        return x.engine().adopt(x.engine().ops().call("singular_values", x.array()));
    }

    /** Computes the eigenvalues of a symmetric matrix in ascending order; only its lower triangle is read. */
    public static Tensor symmetricEigenvalues(Tensor x) {
        return x.engine().adopt(x.engine().ops().call("symmetric_eigenvalues", x.array()));
    }

    /** Computes {@code A^-1 B} of a symmetric positive definite {@code A [n, n]} and {@code B [n, k]} by Cholesky's decomposition. */
    public static Tensor solvePositive(Tensor a, Tensor b) {
        return a.engine().adopt(a.engine().ops().call("solve_positive", a.array(), b.array()));
    }

    /** Computes the reduced QR decomposition. */
    public static Qr qr(Tensor x) {
        PtNDArray[] parts = x.engine().ops().callTuple("qr", x.array());
        return new Qr(x.engine().adopt(parts[0]), x.engine().adopt(parts[1]));
    }
}
