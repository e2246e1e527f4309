package org.layerwise.model;

import java.util.List;
import java.util.function.UnaryOperator;
import org.layerwise.model.layer.LinearWeight;
import org.layerwise.model.quantization.QuantizedTensor;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Weight of a linear map that stays quantised in memory and is decoded for each computation.
 *
 * @param parts tensors of {@link QuantizedTensor#parts} in their order
 * @param type compute type of the model
 */
record QuantizedWeight(TensorEngine engine, QuantizedTensor codes, List<Tensor> parts, DType type)
        implements LinearWeight {

    @Override
    public int out() {
        return Math.toIntExact(codes.shape().get(0));
    }

    @Override
    public int in() {
        return Math.toIntExact(codes.shape().get(1));
    }

    @Override
    public Tensor use(DType compute, UnaryOperator<Tensor> computation) {
        try (Scope scope = engine.scope()) {
            return scope.keep(computation.apply(decoded(compute)));
        }
    }

    @Override
    public Tensor matrix() {
        return decoded(type);
    }

    private Tensor decoded(DType compute) {
        try (Scope scope = engine.inference()) {
            return scope.keep(codes.decode(engine, parts, compute));
        }
    }
}
