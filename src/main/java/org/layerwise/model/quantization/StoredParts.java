package org.layerwise.model.quantization;

import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.TensorEntry;
import org.layerwise.model.quantization.QuantizedTensor.Part;
import org.layerwise.tensor.DType;

/**
 * Finds the stored parts of quantised tensors and checks their types and shapes.
 *
 * @param format name of the format, for messages
 */
record StoredParts(Checkpoint checkpoint, String format) {

    private static final Set<DType> FLOATS = Set.of(DType.F32, DType.F16, DType.BF16);

    /**
     * Returns a tensor of a type and shape.
     *
     * @throws UserException if there is none, or it has another type or shape
     */
    Part of(String name, DType type, long... shape) {
        return Part.of(require(name, Set.of(type), shape));
    }

    /** Returns a tensor of floating-point numbers of a shape, under the conditions of {@link #of}. */
    Part floats(String name, long... shape) {
        return Part.of(require(name, FLOATS, shape));
    }

    /** Returns a tensor of floating-point numbers. */
    Part floats(String name) {
        return Part.of(require(name, FLOATS));
    }

    /**
     * Returns the groups of inputs, int32.
     *
     * @param groups number of groups
     * @throws UserException under the conditions of {@link #of}, or if a group is named that is not there
     */
    Part groups(String name, long inputs, long groups) {
        Part part = of(name, DType.I32, inputs);
        IntBuffer named = checkpoint.bytes(name).asIntBuffer();
        while (named.hasRemaining()) {
            int group = named.get();
            if (group < 0 || group >= groups) {
                throw wrong(name, "names the group %s, but there are %s groups".formatted(group, groups));
            }
        }
        return part;
    }

    /**
     * Returns a quantised tensor for each stored tensor whose name has an ending.
     *
     * @param tensor returns the quantised tensor for the name without the ending
     */
    List<QuantizedTensor> each(String ending, Function<String, QuantizedTensor> tensor) {
        return checkpoint.names().stream()
                .filter(name -> name.endsWith(ending))
                .map(name -> tensor.apply(name.substring(0, name.length() - ending.length())))
                .toList();
    }

    /** Returns the entry of a tensor with one of the types. */
    TensorEntry require(String name, Set<DType> types) {
        TensorEntry entry = checkpoint.entry(name);
        if (!types.contains(entry.type())) {
            throw new UserException(
                    "%s: tensor '%s' has the dtype %s, but %s weights need %s here; copy or download it again."
                            .formatted(
                                    checkpoint.file(name),
                                    name,
                                    entry.type().fileName(),
                                    format,
                                    types.stream().map(DType::fileName).sorted().collect(Collectors.joining(" or "))));
        }
        return entry;
    }

    private TensorEntry require(String name, Set<DType> types, long... shape) {
        TensorEntry entry = require(name, types);
        requireShape(entry, shape);
        return entry;
    }

    /** Refuses a tensor of another shape. */
    void requireShape(TensorEntry entry, long... shape) {
        if (!Arrays.equals(entry.shape(), shape)) {
            throw wrong(
                    entry.name(),
                    "has the shape %s, but its codes need %s"
                            .formatted(Arrays.toString(entry.shape()), Arrays.toString(shape)));
        }
    }

    /** Refuses a tensor with another number of axes, or without elements. */
    void requireRank(TensorEntry entry, int rank) {
        requireElements(entry);
        if (entry.shape().length != rank) {
            throw wrong(
                    entry.name(),
                    "has the shape %s instead of %s axes".formatted(Arrays.toString(entry.shape()), rank));
        }
    }

    /** Refuses a tensor without elements. */
    void requireElements(TensorEntry entry) {
        if (entry.elements() == 0) {
            throw wrong(entry.name(), "has the shape %s, without elements".formatted(Arrays.toString(entry.shape())));
        }
    }

    /**
     * Returns the exception for a stored tensor.
     *
     * @param reason clause about the tensor
     */
    UserException wrong(String name, String reason) {
        return new UserException("%s: tensor '%s' of %s weights %s; copy or download it again."
                .formatted(checkpoint.file(name), name, format, reason));
    }

    /**
     * Returns the exception for a stored tensor that may be right, but is not read.
     *
     * @param reason clause about the tensor
     */
    UserException notRead(String name, String reason) {
        return new UserException(
                "%s: tensor '%s' of %s weights %s, which Layerwise does not read; use a checkpoint in 16 or 32 bits."
                        .formatted(checkpoint.file(name), name, format, reason));
    }

    /** Returns the number of blocks that cover a size. */
    static long blocks(long size, long block) {
        return (size + block - 1) / block;
    }
}
