package org.layerwise.analysis.similarity;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Matrix;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Similarity;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Factorizations;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * First singular directions of a centred representation {@code X = U S V^T} that together carry a share of its
 * variance; canonical correlations are computed between them. With more examples than features only {@code V S^-1} is
 * stored, and U is computed from it when needed.
 */
final class Directions {

    /** Threshold relative to the largest singular value: values up to it come from the rounding of float32. */
    private static final double ROUNDING = 1e-6;

    private final TensorEngine engine;
    private final Matrix matrix;
    private final Device device;
    private final boolean tall;
    /**
     * Stored matrix: U {@code [n, k]}, or {@code V S^-1} {@code [d, k]} for a tall representation; null if undefined.
     */
    private final @Nullable Tensor kept;

    private final Similarity.@Nullable Undefined undefined;

    private Directions(
            TensorEngine engine,
            Matrix matrix,
            Device device,
            @Nullable Tensor kept,
            Similarity.@Nullable Undefined undefined) {
        this.engine = engine;
        this.matrix = matrix;
        this.device = device;
        this.tall = matrix.rows() > matrix.columns();
        this.kept = kept;
        this.undefined = undefined;
    }

    /** Factors a representation; its tensors belong to the current scope. */
    static Directions of(
            TensorEngine engine,
            Matrix matrix,
            int state,
            @Nullable Position position,
            double share,
            Measure measure,
            Device device) {
        try (Scope scope = engine.scope()) {
            GramComputation.Centred centred = GramComputation.Centred.of(engine, matrix, device);
            String lacking = centred.lacking(state, position);
            if (lacking != null) {
                return new Directions(engine, matrix, device, null, MeasureMessages.undefined(lacking, measure));
            }
            Factorizations.Svd svd = Factorizations.svd(centred.values());
            int count = count(svd.s().doubles(), share);
            if (count >= matrix.rows() - 1) {
                return new Directions(engine, matrix, device, null, tooMany(state, count, share, matrix, measure));
            }
            Tensor kept = matrix.rows() > matrix.columns()
                    ? svd.vt().slice(0, 0, count).transpose().div(svd.s().slice(0, 0, count))
                    : svd.u().slice(1, 0, count);
            return new Directions(engine, matrix, device, scope.keep(kept.contiguous()), null);
        }
    }

    private static Similarity.Undefined tooMany(int state, int count, double share, Matrix matrix, Measure measure) {
        return new Similarity.Undefined(
                "Hidden state %s takes %s directions for %s %% of its variance, all that %s examples have, with which %s is 1 for anything and so undefined; use more samples or a smaller share."
                        .formatted(state, count, percent(share), matrix.rows(), measure.noun()));
    }

    private static String percent(double share) {
        return new DecimalFormat("0.####", DecimalFormatSymbols.getInstance(Locale.ROOT)).format(100 * share);
    }

    /** Returns the minimum number of singular values whose squares sum to the share of the total. */
    static int count(double[] values, double share) {
        double total = 0;
        for (double value : values) {
            total += value * value;
        }
        double sum = 0;
        int count = 0;
        while (count < values.length && sum < share * total && values[count] > ROUNDING * values[0]) {
            sum += values[count] * values[count];
            count++;
        }
        return count;
    }

    Similarity.@Nullable Undefined undefined() {
        return undefined;
    }

    /** Returns k, the number of directions. */
    int count() {
        return (int) kept().size(1);
    }

    /** Returns n, the number of examples. */
    int samples() {
        return matrix.rows();
    }

    private Tensor kept() {
        if (kept == null) {
            throw new IllegalStateException("an undefined representation has no directions");
        }
        return kept;
    }

    /** Returns U {@code [n, k]}, with orthonormal columns. */
    Tensor basis() {
        return tall ? centred().matmul(kept()) : kept();
    }

    /** Returns {@code U^T X}, {@code [k, d]}: the coordinates of each feature in the directions. */
    Tensor loadings() {
        return basis().transpose().matmul(centred());
    }

    private Tensor centred() {
        return GramComputation.Centred.of(engine, matrix, device).values();
    }
}
