package org.layerwise.model;

import java.util.function.Supplier;
import org.layerwise.model.layer.LinearWeight;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Tensor;

/** Source of the tensors of a model's parts, by the names in HuggingFace's model with a task head. */
interface WeightSource {

    /** Returns true if there is a tensor of this name. */
    boolean has(String name);

    /**
     * Returns a tensor of this shape, in a type to compute with.
     *
     * @throws org.layerwise.base.UserException if the tensor is missing or has another shape
     */
    Tensor tensor(String name, DType type, long... shape);

    /** Returns the weight of a linear map, as {@link #tensor} does; it may be {@link Tensor#packed} or quantised. */
    default LinearWeight weight(String name, DType type, int out, int in) {
        return LinearWeight.of(tensor(name, type, out, in));
    }

    /**
     * Returns a tensor of this shape that is computed from others and kept as long as they are.
     *
     * @param name name of the tensor from which it is made, or of the module that makes it
     */
    Tensor derived(String name, Supplier<Tensor> make, long... shape);

    /**
     * Returns true if a tensor of a module is trained, so that no value that depends on it may be computed in advance.
     */
    default boolean trains(String module) {
        return false;
    }
}
