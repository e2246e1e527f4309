package org.layerwise.model;

import java.util.List;
import java.util.function.UnaryOperator;
import org.layerwise.model.layer.LinearWeight;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Weight of a linear map that is made for each computation: decoded, converted to the compute type, or copied from its file to a
 * GPU.
 *
 * @param parts tensors from which it is made
 * @param type compute type of the model
 */
record OnDemandWeight(TensorEngine engine, int out, int in, List<Tensor> parts, DType type, Maker maker)
        implements LinearWeight {

    /** Makes a weight. */
    @FunctionalInterface
    interface Maker {

        /** Returns the weight, {@code [out, in]} on the device of the computation, in the innermost open scope. */
        Tensor make(List<Tensor> parts, DType compute);
    }

    @Override
    public Tensor use(DType compute, UnaryOperator<Tensor> computation) {
        try (Scope scope = engine.scope()) {
            return scope.keep(computation.apply(made(compute)));
        }
    }

    @Override
    public Tensor matrix() {
        return made(type);
    }

    private Tensor made(DType compute) {
        try (Scope scope = engine.inference()) {
            return scope.keep(maker.make(parts, compute));
        }
    }
}
