package org.layerwise.tensor;

import ai.djl.pytorch.engine.PtNDArray;

/** Factorizations of matrices, by LAPACK or its like on the device. */
public final class Factorizations {

    private Factorizations() {}

    /** {@code X = U diag(S) V^T}: {@code u [m, k], s [k], vt [k, n]} with {@code k = min(m, n)}, S falling. */
    public record Svd(Tensor u, Tensor s, Tensor vt) {}

    /** {@code X = Q R}: {@code q [m, k]} with orthonormal columns, {@code r [k, n]} upper triangular. */
    public record Qr(Tensor q, Tensor r) {}

    /** {@code X = V diag(w) V^T} of a symmetric matrix: {@code values [n]} rising, {@code vectors [n, n]} in columns. */
    public record Eigh(Tensor values, Tensor vectors) {}

    /** Reduced singular value decomposition. */
    public static Svd svd(Tensor x) {
        PtNDArray[] parts = x.engine().ops().callTuple("svd", x.array());
        return new Svd(
                x.engine().adopt(parts[0]),
                x.engine().adopt(parts[1]),
                x.engine().adopt(parts[2]));
    }

    /** The singular values alone, {@code [min(m, n)]}, falling: far cheaper than with their vectors. */
    public static Tensor singularValues(Tensor x) {
        return x.engine().adopt(x.engine().ops().call("singular_values", x.array()));
    }

    /** Reduced QR decomposition. */
    public static Qr qr(Tensor x) {
        PtNDArray[] parts = x.engine().ops().callTuple("qr", x.array());
        return new Qr(x.engine().adopt(parts[0]), x.engine().adopt(parts[1]));
    }

    /** Eigenvalues and eigenvectors of a symmetric matrix. */
    public static Eigh eigh(Tensor x) {
        PtNDArray[] parts = x.engine().ops().callTuple("eigh", x.array());
        return new Eigh(x.engine().adopt(parts[0]), x.engine().adopt(parts[1]));
    }
}
