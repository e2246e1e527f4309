package org.layerwise.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
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
 * The weights of a checkpoint on a device. On the processor, those that are stored in the type that is computed with stay
 * in the mapped file and take no memory of their own.
 */
final class Weights implements WeightSource {

    private static final long LARGEST_BUFFER = Integer.MAX_VALUE;

    private final TensorEngine engine;
    private final StoredNames stored;
    private final Device device;
    private final TensorOwner owner;
    private final Progress progress;

    /**
     * @param owner of the tensors that are loaded
     * @param progress may cancel between two tensors
     */
    Weights(TensorEngine engine, StoredNames stored, Device device, TensorOwner owner, Progress progress) {
        this.engine = engine;
        this.stored = stored;
        this.device = device;
        this.owner = owner;
        this.progress = progress;
    }

    @Override
    public boolean has(String name) {
        return stored.find(name).isPresent();
    }

    @Override
    public Tensor tensor(String name, DType type, long... shape) {
        progress.check();
        TensorEntry entry = stored.checkpoint().require(stored.findOrLikely(name), shape);
        if (!entry.type().floating()) {
            throw new UserException("%s holds %s as %s; weights must be floating-point numbers."
                    .formatted(
                            stored.checkpoint().file(entry.name()),
                            entry.name(),
                            entry.type().fileName()));
        }
        try (Scope scope = engine.inference()) {
            return owner.adopt(onDevice(entry).cast(type));
        }
    }

    @Override
    public Tensor derived(Supplier<Tensor> make, long... shape) {
        try (Scope scope = engine.inference()) {
            return owner.adopt(make.get());
        }
    }

    private Tensor onDevice(TensorEntry entry) {
        Checkpoint checkpoint = stored.checkpoint();
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
}
