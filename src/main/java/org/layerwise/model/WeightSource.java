package org.layerwise.model;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
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

    /** Returns a table of which single rows are read, as {@link #tensor} does; it may be in another type. */
    default Tensor table(String name, DType type, long rows, long width) {
        return tensor(name, type, rows, width);
    }

    /** Returns the weight of a linear map, as {@link #tensor} does; it may be {@link Tensor#packed} or made on demand. */
    default LinearWeight weight(String name, DType type, int out, int in) {
        return LinearWeight.of(tensor(name, type, out, in));
    }

    /**
     * Returns the weights {@code [out, in]} of linear maps that are stored as one tensor, as {@link #weight} does.
     *
     * @param turned true if the tensor is {@code [count, in, out]}, false if it is {@code [count, out, in]}
     */
    default List<LinearWeight> stack(String name, DType type, int count, int out, int in, boolean turned) {
        Tensor all = turned ? tensor(name, type, count, in, out) : tensor(name, type, count, out, in);
        return IntStream.range(0, count)
                .mapToObj(index -> derived(
                        name + "." + index + ".weight",
                        () -> turned ? all.select(0, index).transpose() : all.select(0, index),
                        out,
                        in))
                .map(LinearWeight::of)
                .toList();
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
