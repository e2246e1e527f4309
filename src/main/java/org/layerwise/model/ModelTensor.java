package org.layerwise.model;

import java.util.List;
import java.util.OptionalInt;
import org.layerwise.tensor.DType;

/**
 * A tensor that a model uses.
 *
 * @param name in HuggingFace's model with a task head
 * @param stored its name in the checkpoint's files
 * @param layer of the transformer; empty for what belongs to none
 * @param shape its dimensions as stored
 * @param type of its elements as stored
 * @param computesIn32Bits whether it is computed with in float32 whatever the model's type
 */
public record ModelTensor(
        String name, String stored, OptionalInt layer, List<Long> shape, DType type, boolean computesIn32Bits) {

    /** Its number of elements. */
    public long parameters() {
        return shape.stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact);
    }

    /** The memory it takes while it is computed with in a type. */
    public long bytes(DType compute) {
        return parameters() * (computesIn32Bits ? DType.F32 : compute).bytes();
    }
}
