package org.layerwise.model;

import java.util.List;
import java.util.OptionalInt;
import org.layerwise.tensor.DType;

/**
 * Tensor that a model uses.
 *
 * @param name name in HuggingFace's model with a task head
 * @param stored name in the checkpoint's files
 * @param layer layer of the transformer; empty if the tensor belongs to no layer
 * @param shape dimensions as stored
 * @param type type of the stored elements
 * @param computesIn32Bits true if the model computes with this tensor in float32 in any compute type
 */
public record ModelTensor(
        String name, String stored, OptionalInt layer, List<Long> shape, DType type, boolean computesIn32Bits) {

    /** Returns the number of elements. */
    public long parameters() {
        return shape.stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact);
    }

    /** Returns the memory in bytes that the tensor takes while the model computes in a type. */
    public long bytes(DType compute) {
        return parameters() * (computesIn32Bits ? DType.F32 : compute).bytes();
    }
}
