package org.layerwise.lora;

import org.layerwise.base.UserException;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/** Part of a weight that an adapter starts with, {@code scale * B A}, and that the weight loses. */
interface WeightPart {

    /** Largest difference of two numbers that are equal but for the rounding of float32. */
    double ROUNDING = 1e-5;

    /** Largest difference of two numbers of which one may have been computed in 16 bits. */
    double GENEROUS = 0.02;

    /**
     * Returns A and B in float32, in the innermost open scope.
     *
     * @param module name of the module; it determines random numbers, so that an adapter that is read gets the same
     *     start again
     * @param weight {@code [out, in]}
     * @throws UserException if the weight is too small for the rank
     */
    LowRankUpdate of(String module, Tensor weight, int rank, double scale);

    /** Returns true if A and B are this part of a weight, up to rounding, so that nothing has trained them yet. */
    boolean holds(Tensor weight, LowRankUpdate product, double scale);

    /**
     * Returns true if A and B can be this part of some weight. The tolerance is generous, since other programs compute
     * the part in 16 bits.
     */
    boolean couldBe(LowRankUpdate product);

    /** Returns the property of A and B that {@link #couldBe} checks, in words that follow "shows": a clause. */
    String property();

    /** @throws UserException if the smaller side of the weight is below the rank */
    static void requireRank(String title, String module, Tensor weight, int rank) {
        long most = Math.min(weight.size(0), weight.size(1));
        if (rank > most) {
            throw new UserException(
                    "%s needs a rank of at most %s for %s, not %s; lower it or give that module its own."
                            .formatted(title, most, module, rank));
        }
    }

    /** Returns true if the rows of a matrix are orthonormal, up to a share of the norm of the identity. */
    static boolean hasOrthonormalRows(TensorEngine engine, Tensor matrix, double share) {
        Tensor identity = engine.identity(matrix.dtype(), matrix.device(), matrix.size(0));
        return near(matrix.matmul(matrix.transpose()), identity, share);
    }

    /** Returns true if two matrices are equal up to a share of their norm. */
    static boolean near(Tensor one, Tensor other, double share) {
        double size = Math.max(one.norm().item(), other.norm().item());
        return one.sub(other).norm().item() <= share * size;
    }
}
