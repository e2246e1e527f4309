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
 * The first singular directions of a centred representation {@code X = U S V^T}, as many as carry a share of its variance:
 * what canonical correlations are computed between. With more examples than features only {@code V S^-1} is held, and U
 * made from it when needed.
 */
final class Directions {

    /** Singular values at most this much of the largest come from the rounding of float32. */
    private static final double ROUNDING = 1e-6;

    private final TensorEngine engine;
    private final Matrix matrix;
    private final Device device;
    private final boolean tall;
    /** U {@code [n, k]}, or {@code V S^-1} {@code [d, k]} of a tall representation; null where it is undefined. */
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

    /** Factors a representation; its tensors go to the current scope. */
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
                return new Directions(engine, matrix, device, null, Wording.undefined(lacking, measure));
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
                        .formatted(state, count, percent(share), matrix.rows(), Wording.name(measure)));
    }

    private static String percent(double share) {
        return new DecimalFormat("0.####", DecimalFormatSymbols.getInstance(Locale.ROOT)).format(100 * share);
    }

    /** The fewest singular values whose squares make the share of all. */
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

    /** k, the number of directions. */
    int count() {
        return (int) kept().size(1);
    }

    /** n. */
    int samples() {
        return matrix.rows();
    }

    private Tensor kept() {
        if (kept == null) {
            throw new IllegalStateException("an undefined representation has no directions");
        }
        return kept;
    }

    /** U {@code [n, k]}, orthonormal columns. */
    Tensor basis() {
        return tall ? centred().matmul(kept()) : kept();
    }

    /** {@code U^T X}, {@code [k, d]}: each feature in the directions. */
    Tensor loadings() {
        return basis().transpose().matmul(centred());
    }

    private Tensor centred() {
        return GramComputation.Centred.of(engine, matrix, device).values();
    }
}
