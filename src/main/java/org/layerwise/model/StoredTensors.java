package org.layerwise.model;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.TensorEntry;
import org.layerwise.model.config.ModuleNames;
import org.layerwise.model.quantization.QuantizationFormats;
import org.layerwise.model.quantization.QuantizedTensor;
import org.layerwise.tensor.DType;

/**
 * Tensors of a checkpoint, quantised ones among them, under any of the names that the files of a family use.
 *
 * @param quantized quantised tensors by the names that they have in a checkpoint which is not quantised
 */
record StoredTensors(Checkpoint checkpoint, ModuleNames names, Map<String, QuantizedTensor> quantized) {

    /**
     * Tensor of a checkpoint.
     *
     * @param name name in the files, without the ends of the names of quantised parts
     * @param type data type of its values
     * @param quantized its quantised form; null if it is stored as it is
     */
    record Stored(String name, long[] shape, DType type, @Nullable QuantizedTensor quantized) {}

    /**
     * Returns the tensors of a checkpoint.
     *
     * @throws org.layerwise.base.UserException if the format of quantised tensors is not supported, or a part of one is missing or
     *     wrong
     */
    static StoredTensors of(Checkpoint checkpoint, ModuleNames names) {
        return new StoredTensors(checkpoint, names, QuantizationFormats.find(checkpoint));
    }

    /** Returns the name in the files for the name of a tensor in HuggingFace's model with a task head. */
    Optional<String> find(String name) {
        return names.inFiles(name).stream().filter(this::has).findFirst();
    }

    private boolean has(String inFile) {
        return quantized.containsKey(inFile) || checkpoint.has(inFile);
    }

    /** Returns the name in the files, or the most likely name if the files lack the tensor; used for messages. */
    String findOrLikely(String name) {
        return find(name).orElse(name);
    }

    /**
     * Returns a tensor by its name in the files.
     *
     * @throws org.layerwise.base.UserException if there is none of this name
     */
    Stored get(String inFile) {
        QuantizedTensor codes = quantized.get(inFile);
        if (codes != null) {
            return new Stored(inFile, codes.dimensions(), codes.type(), codes);
        }
        TensorEntry entry = checkpoint.entry(inFile);
        return new Stored(inFile, entry.shape(), entry.type(), null);
    }

    /**
     * Returns a tensor that must have the shape which follows from config.json.
     *
     * @throws org.layerwise.base.UserException if there is none of this name, or it has another shape
     */
    Stored require(String inFile, long... shape) {
        Stored found = get(inFile);
        if (!Arrays.equals(found.shape(), shape)) {
            throw checkpoint.otherShape(part(inFile), found.shape(), shape);
        }
        return found;
    }

    private String part(String inFile) {
        QuantizedTensor codes = quantized.get(inFile);
        return codes == null ? inFile : codes.parts().get(0).entry().name();
    }

    /** Returns the names of all stored tensors that a tensor consists of. */
    Set<String> parts(String inFile) {
        QuantizedTensor codes = quantized.get(inFile);
        return codes == null
                ? Set.of(inFile)
                : Stream.concat(codes.parts().stream().map(part -> part.entry().name()), codes.unread().stream())
                        .collect(Collectors.toSet());
    }
}
