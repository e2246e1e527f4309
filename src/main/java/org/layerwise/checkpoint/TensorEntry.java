package org.layerwise.checkpoint;

import org.layerwise.tensor.DType;

/**
 * Entry of one tensor in a safetensors file.
 *
 * @param name the tensor's name
 * @param type the type of its elements
 * @param shape its dimensions, row-major; empty for a scalar
 * @param offset offset of its first byte from the start of the file, in bytes; not always a multiple of the element
 *     size
 * @param bytes its length in bytes
 */
public record TensorEntry(String name, DType type, long[] shape, long offset, long bytes) {

    public TensorEntry {
        shape = shape.clone();
    }

    /** Returns a copy of the dimensions. */
    @Override
    public long[] shape() {
        return shape.clone();
    }

    /** Returns the number of elements. */
    public long elements() {
        return bytes / type.bytes();
    }
}
