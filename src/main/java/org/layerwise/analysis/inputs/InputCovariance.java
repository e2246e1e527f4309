package org.layerwise.analysis.inputs;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.weights.CancellableDecomposition;
import org.layerwise.base.Progress;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Factorizations;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;

/**
 * Covariance of vectors that arrive part by part. The mean of the first part is taken off all, so that products of vectors
 * with a large mean lose no digits; sums are kept in float64. Products are computed in float64 on a processor and in float32 on
 * GPUs, many of which have next to no double precision.
 */
final class InputCovariance implements AutoCloseable {

    /** Multiplications after which a computation asks whether to stop. */
    private static final long WORK = 1L << 32;

    private final TensorEngine engine;
    private final TensorOwner owner;
    private final int width;
    private final Tensor sums;
    private final Tensor products;
    private @Nullable Tensor shift;
    private long count;

    InputCovariance(TensorEngine engine, Device device, int width) {
        this.engine = engine;
        this.owner = engine.owner();
        this.width = width;
        try (Scope scope = engine.inference()) {
            this.sums = owner.adopt(engine.zeros(DType.F64, device, width));
            this.products = owner.adopt(engine.zeros(DType.F64, device, width, width));
        }
    }

    /** Returns the number of bytes that the sums of vectors of a width take. */
    static long bytes(int width) {
        return ((long) width * width + width) * DType.F64.bytes();
    }

    /**
     * Adds vectors.
     *
     * @param vectors {@code [n, width]}
     * @throws org.layerwise.base.CancelledException within about a second
     */
    void add(Tensor vectors, Progress progress) {
        long part = Math.max(1, WORK / ((long) width * width));
        for (long begin = 0; begin < vectors.size(0); begin += part) {
            progress.check();
            try (Scope scope = engine.scope()) {
                Tensor some = vectors.slice(0, begin, Math.min(vectors.size(0), begin + part))
                        .cast(sums.device().kind() == Device.Kind.CPU ? DType.F64 : DType.F32);
                if (shift == null) {
                    shift = owner.adopt(some.mean(0, true).copy());
                }
                Tensor apart = some.sub(shift);
                sums.addInPlace(apart.sum(0, false).cast(DType.F64), 1);
                products.addInPlace(apart.transpose().matmul(apart).cast(DType.F64), 1);
                count += some.size(0);
            }
        }
    }

    /** Returns the number of vectors. */
    long count() {
        return count;
    }

    /**
     * Returns the share of the variance that each principal component explains, the largest first; zeros for vectors that do not
     * vary, and NaN for those that are not finite.
     */
    double[] ratios(Progress progress) {
        double[] ascending;
        try (Scope scope = engine.inference()) {
            Tensor mean = sums.mul(1.0 / count).reshape(1, width);
            Tensor covariance =
                    products.mul(1.0 / count).sub(mean.transpose().matmul(mean)).to(Device.CPU);
            if (!Double.isFinite(covariance.abs().max().item())) {
                double[] unknown = new double[width];
                Arrays.fill(unknown, Double.NaN);
                return unknown;
            }
            ascending = new CancellableDecomposition(engine)
                    .of(covariance.copy(), Factorizations::symmetricEigenvalues, progress);
        }
        double total = Arrays.stream(ascending).map(value -> Math.max(0, value)).sum();
        double[] ratios = new double[width];
        Arrays.setAll(ratios, i -> total == 0 ? 0 : Math.max(0, ascending[width - 1 - i]) / total);
        return ratios;
    }

    @Override
    public void close() {
        owner.close();
    }
}
