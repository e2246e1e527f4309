package org.layerwise.model.layer;

import java.util.Optional;
import java.util.function.UnaryOperator;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Tensor;

/** Weight {@code [out, in]} of a linear map: a tensor, or codes of which a tensor is made when it is needed. */
public interface LinearWeight {

    /** Returns a tensor as a weight. */
    static LinearWeight of(Tensor tensor) {
        return new TensorWeight(tensor);
    }

    /** Returns the width of the output. */
    int out();

    /** Returns the width of the input. */
    int in();

    /**
     * Returns the result of a computation with the weight in a compute type. A weight that is made for it is freed at once,
     * except where a graph needs it for the backward pass.
     */
    Tensor use(DType type, UnaryOperator<Tensor> computation);

    /** Returns the weight with its elements in rows, to read them; it belongs to the model or to the innermost open scope. */
    Tensor matrix();

    /** Returns the tensor that {@link Tensor#packed} made; empty if this is another weight. */
    default Optional<Tensor> packed() {
        return Optional.empty();
    }
}
