package org.layerwise.model.quantization;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.layerwise.checkpoint.TensorEntry;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Tensor that a checkpoint holds in quantised form.
 *
 * @param name name that the tensor has in a checkpoint which is not quantised
 * @param shape its dimensions
 * @param type data type of the values that the codes stand for
 * @param format name of the format for users, such as {@code nf4}
 * @param parts stored tensors from which the values are computed
 * @param unread names of stored tensors that belong to this one and are not needed
 * @param decoder computes the values
 */
public record QuantizedTensor(
        String name,
        List<Long> shape,
        DType type,
        String format,
        List<Part> parts,
        Set<String> unread,
        Decoder decoder) {

    /**
     * Stored tensor whose bytes are read as elements of a type.
     *
     * @param shape dimensions in elements of that type
     */
    public record Part(TensorEntry entry, DType type, List<Long> shape) {

        /** Returns a stored tensor as it is. */
        static Part of(TensorEntry entry) {
            return new Part(entry, entry.type(), shape(entry.shape()));
        }

        /** Returns the bytes of a stored tensor; the last axis counts bytes. */
        static Part bytes(TensorEntry entry) {
            long[] shape = entry.shape();
            if (shape.length > 0) {
                shape[shape.length - 1] *= entry.type().bytes();
            }
            return new Part(entry, DType.U8, shape(shape));
        }

        /** Returns a copy of the dimensions. */
        public long[] dimensions() {
            return array(shape);
        }

        private static List<Long> shape(long[] dimensions) {
            return Arrays.stream(dimensions).boxed().toList();
        }
    }

    /** Computes values from codes. */
    @FunctionalInterface
    public interface Decoder {

        /**
         * Returns the values in float32 in the innermost open scope; any shape with the elements in row-major order.
         *
         * @param parts tensors of {@link QuantizedTensor#parts} in their order, on one device
         */
        Tensor decode(TensorEngine engine, List<Tensor> parts);
    }

    /** Returns a copy of the dimensions. */
    public long[] dimensions() {
        return array(shape);
    }

    private static long[] array(List<Long> shape) {
        return shape.stream().mapToLong(Long::longValue).toArray();
    }

    /** Returns the number of values. */
    public long elements() {
        return shape.stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact);
    }

    /** Returns the size of the stored tensors in bytes. */
    public long bytes() {
        return parts.stream().mapToLong(part -> part.entry().bytes()).sum();
    }

    /** Returns the values in a type to compute with, in the innermost open scope. */
    public Tensor decode(TensorEngine engine, List<Tensor> tensors, DType compute) {
        return decoder.decode(engine, tensors).cast(type).cast(compute).reshape(dimensions());
    }
}
