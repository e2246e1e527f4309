package org.layerwise.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.WholeFiles;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.TensorEntry;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;

/**
 * The weights of a checkpoint on a device, in float32, by their names in HuggingFace's model with a task head. Those of a
 * checkpoint that was saved without a head lack the body's prefix in the file; they have it here.
 */
final class Weights {

    private static final long LARGEST_BUFFER = Integer.MAX_VALUE;

    private final TensorEngine engine;
    private final Checkpoint checkpoint;
    private final Device device;
    private final TensorOwner owner;
    private final String body;
    private final boolean savedWithBody;
    private final Map<String, Tensor> loaded = new LinkedHashMap<>();

    Weights(TensorEngine engine, Checkpoint checkpoint, Device device, TensorOwner owner, WeightNames names) {
        this.engine = engine;
        this.checkpoint = checkpoint;
        this.device = device;
        this.owner = owner;
        this.body = names.body();
        this.savedWithBody = checkpoint.names().stream().anyMatch(name -> name.startsWith(body));
    }

    /** Whether the checkpoint holds a tensor. */
    boolean has(String name) {
        return checkpoint.has(stored(name));
    }

    /** Type and shape of a tensor that the checkpoint holds. */
    TensorEntry entry(String name) {
        return checkpoint.entry(stored(name));
    }

    /** The number of elements of a tensor that the checkpoint holds. */
    long elements(String name) {
        return entry(name).elements();
    }

    /**
     * Loads a tensor.
     *
     * @throws UserException if it is missing or does not have the shape that config.json says
     */
    Tensor load(String name, Progress progress, long... shape) {
        progress.check();
        TensorEntry entry = checkpoint.require(stored(name), shape);
        if (!entry.type().floating()) {
            throw new UserException("%s holds %s as %s; weights must be floating-point numbers."
                    .formatted(
                            checkpoint.file(entry.name()),
                            entry.name(),
                            entry.type().fileName()));
        }
        try (Scope scope = engine.inference()) {
            Tensor tensor = owner.adopt(onDevice(entry).cast(DType.F32));
            loaded.put(name, tensor);
            return tensor;
        }
    }

    /** The tensors loaded so far. */
    Map<String, Tensor> loaded() {
        return loaded;
    }

    private Tensor onDevice(TensorEntry entry) {
        if (entry.bytes() <= LARGEST_BUFFER) {
            return engine.ofBytes(checkpoint.bytes(entry.name()), entry.type(), device, entry.shape());
        }
        Path file = checkpoint.file(entry.name());
        try {
            return engine.ofFile(file, Files.size(file), entry.offset(), entry.type(), device, entry.shape());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read %s: %s".formatted(file, WholeFiles.reason(e)), e);
        }
    }

    private String stored(String name) {
        String inFile = name.startsWith(body) && !savedWithBody ? name.substring(body.length()) : name;
        if (checkpoint.has(inFile)) {
            return inFile;
        }
        // checkpoints converted from TensorFlow keep its names of a normalisation's parameters
        String older =
                inFile.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta");
        return checkpoint.has(older) ? older : inFile;
    }
}
