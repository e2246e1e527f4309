package org.layerwise.model;

import java.util.function.Supplier;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Tensor;

/** Where the parts of a model get their tensors from, by the names in HuggingFace's model with a task head. */
interface WeightSource {

    /** Whether there is a tensor of this name. */
    boolean has(String name);

    /**
     * A tensor of this shape, in a type to compute with.
     *
     * @throws org.layerwise.base.UserException if it is missing or has another shape
     */
    Tensor tensor(String name, DType type, long... shape);

    /**
     * A tensor of this shape that is made of others, kept for as long as these.
     *
     * @param name of the tensor that it is made of, or of the module that makes it
     */
    Tensor derived(String name, Supplier<Tensor> make, long... shape);

    /** Whether a tensor of a module is trained, so that nothing that follows from it may be computed beforehand. */
    default boolean trains(String module) {
        return false;
    }
}
