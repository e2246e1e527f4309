package org.layerwise.model;

import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.layerwise.model.quantization.QuantizedTensor;
import org.layerwise.tensor.DType;

/**
 * Tensor that a model uses.
 *
 * @param name name in HuggingFace's model with a task head
 * @param stored name in the checkpoint's files
 * @param layer layer of the transformer; empty if the tensor belongs to no layer
 * @param shape dimensions as stored
 * @param type data type of the values
 * @param computesIn32Bits true if the model computes with this tensor in float32 in any compute type
 * @param quantized quantised form in the files; null if the tensor is stored as it is
 */
public record ModelTensor(
        String name,
        String stored,
        OptionalInt layer,
        List<Long> shape,
        DType type,
        boolean computesIn32Bits,
        @Nullable QuantizedTensor quantized) {

    /** Returns the number of elements. */
    public long parameters() {
        return shape.stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact);
    }

    /** Returns the data type in which a model that is not quantised saves the tensor. */
    public DType savedAs() {
        return quantized == null ? type : DType.BF16;
    }

    /** Returns the form in the files: the name of a quantised format, or the data type of the elements. */
    public String form() {
        return quantized == null ? type.fileName() : quantized.format();
    }

    /** Returns the memory in bytes that the tensor takes while the model computes in a type. Quantised matrices stay quantised. */
    public long bytes(DType compute) {
        return quantized != null && shape.size() == 2
                ? quantized.bytes()
                : parameters() * (computesIn32Bits ? DType.F32 : compute).bytes();
    }
}
