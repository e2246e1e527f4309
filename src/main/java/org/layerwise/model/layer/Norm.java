package org.layerwise.model.layer;

import org.jspecify.annotations.Nullable;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Tensor;

/** Normalisation over the last axis; computed in float32 for every input type, as in HuggingFace's models. */
public sealed interface Norm {

    /** Maps {@code [..., d]} to the same shape and type. */
    Tensor apply(Tensor x);

    /** Absent normalisation: returns its input unchanged. */
    record Identity() implements Norm {
        @Override
        public Tensor apply(Tensor x) {
            return x;
        }
    }

    /** Normalisation by the root mean square over the last axis, in float32, without a weight. */
    record Unweighted(double epsilon) implements Norm {
        @Override
        public Tensor apply(Tensor x) {
            Tensor wide = x.cast(DType.F32);
            Tensor meanSquare = wide.square().mean(-1, true);
            return wide.mul(meanSquare.add(epsilon).rsqrt()).cast(x.dtype());
        }
    }

    /**
     * Normalisation by mean and variance (Ba et al., arXiv 1607.06450).
     *
     * @param weight float32 {@code [d]}
     * @param bias float32 {@code [d]}
     */
    record Layer(Tensor weight, Tensor bias, double epsilon) implements Norm {
        @Override
        public Tensor apply(Tensor x) {
            // on a processor the operation itself computes in the wider type of the weight
            Tensor wide = x.device().kind() == Device.Kind.CPU ? x : x.cast(DType.F32);
            return wide.layerNorm(weight, bias, epsilon).cast(x.dtype());
        }
    }

    /**
     * Normalisation by the root mean square (Zhang and Sennrich, arXiv 1910.07467).
     *
     * @param weight float32 {@code [d]}
     */
    record RootMeanSquare(Tensor weight, double epsilon) implements Norm {
        @Override
        public Tensor apply(Tensor x) {
            return x.rmsNorm(weight, epsilon);
        }
    }

    /** Returns the norm, or {@link Identity} for null. */
    static Norm orNone(@Nullable Norm norm) {
        return norm == null ? new Identity() : norm;
    }
}
