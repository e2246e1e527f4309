package org.layerwise.model.layer;

import java.util.Optional;
import java.util.function.UnaryOperator;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Tensor;

/**
 * Weight that is a tensor.
 *
 * @param tensor {@code [out, in]}, perhaps {@linkplain Tensor#packed packed}; trained weights are float32 in any compute type
 */
record TensorWeight(Tensor tensor) implements LinearWeight {

    @Override
    public int out() {
        return (int) tensor.size(0);
    }

    @Override
    public int in() {
        return (int) tensor.size(1);
    }

    @Override
    public Tensor use(DType type, UnaryOperator<Tensor> computation) {
        return computation.apply(tensor.cast(type));
    }

    @Override
    public Tensor matrix() {
        return tensor.unpacked();
    }

    @Override
    public Optional<Tensor> packed() {
        return tensor.isPacked() ? Optional.of(tensor) : Optional.empty();
    }
}
