package org.layerwise.analysis.weights;

import java.util.Arrays;
import org.layerwise.analysis.WeightSpectrum;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.model.LinearModule;
import org.layerwise.model.LinearWeights;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Factorizations;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Computes singular values of weights, one weight in memory at a time. Those of large weights are the roots of the eigenvalues of
 * their Gram matrix in float64, which takes a fraction of the time: the error of the smallest is its condition number squared times
 * the precision of float64, so weights with condition numbers above 10^5 are decomposed themselves.
 */
public record SpectrumScan(TensorEngine engine, LinearWeights weights) {

    /** Side of a weight up to which it is decomposed itself. */
    private static final int SMALL = 512;

    /** Largest condition number whose square leaves five digits of the smallest eigenvalue. */
    private static final double WORST_CONDITION = 1e5;

    /** Rows or columns of a weight that are added to its Gram matrix at once. */
    private static final int TOGETHER = 1024;

    /**
     * Returns the singular values of a weight.
     *
     * @throws org.layerwise.base.CancelledException if cancelled
     */
    public WeightSpectrum of(LinearModule module, Progress progress) {
        return spectrum(module, singularValues(module, progress));
    }

    /** Returns the spectrum of a weight whose singular values are known. */
    public WeightSpectrum spectrum(LinearModule module, double[] values) {
        return new WeightSpectrum(
                module.name(), weights.type(module), module.layer(), module.out(), module.in(), values);
    }

    private double[] singularValues(LinearModule module, Progress progress) {
        CancellableDecomposition decomposition = new CancellableDecomposition(engine);
        try (Scope scope = engine.inference()) {
            Tensor weight = weights.read(module);
            requireFinite(module, weight);
            if (Math.min(module.out(), module.in()) > SMALL) {
                double[] roots =
                        roots(decomposition.of(gram(weight, progress), Factorizations::symmetricEigenvalues, progress));
                if (roots[0] < WORST_CONDITION * roots[roots.length - 1]) {
                    return roots;
                }
            }
            return decomposition.of(weight.cast(DType.F64), Factorizations::singularValues, progress);
        }
    }

    private void requireFinite(LinearModule module, Tensor weight) {
        if (!Double.isFinite(weight.abs().max().item())) {
            throw new UserException(
                    "The weight of %s in %s has a value that is not finite, so it has no singular values; download the model again."
                            .formatted(module.name(), weights.folder()));
        }
    }

    /** Returns the product of a weight with itself over its longer side, in float64. */
    private Tensor gram(Tensor weight, Progress progress) {
        Tensor tall = weight.size(0) < weight.size(1) ? weight.transpose() : weight;
        long side = tall.size(1);
        try (Scope scope = engine.inference()) {
            Tensor sum = engine.zeros(DType.F64, weight.device(), side, side);
            for (long row = 0; row < tall.size(0); row += TOGETHER) {
                progress.check();
                try (Scope piece = engine.inference()) {
                    Tensor rows = tall.slice(0, row, Math.min(tall.size(0), row + TOGETHER))
                            .cast(DType.F64);
                    sum.addInPlace(rows.transpose().matmul(rows), 1);
                }
            }
            return scope.keep(sum);
        }
    }

    private static double[] roots(double[] ascending) {
        double[] roots = new double[ascending.length];
        Arrays.setAll(roots, i -> Math.sqrt(Math.max(0, ascending[ascending.length - 1 - i])));
        return roots;
    }
}
