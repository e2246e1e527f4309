package org.layerwise.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.WholeFiles;
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
    private final Map<Mapping, Tensor> mapped = new HashMap<>();
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final Map<String, Tensor> derived = new HashMap<>();

    /** A file seen as elements of a type. */
    private record Mapping(Path file, DType type) {}

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
            Tensor tensor = owner.adopt(onDevice(entry).cast(type));
            tensors.put(name, tensor);
            return tensor;
        }
    }

    @Override
    public Tensor derived(String name, Supplier<Tensor> make, long... shape) {
        try (Scope scope = engine.inference()) {
            Tensor tensor = owner.adopt(make.get());
            derived.put(name, tensor);
            return tensor;
        }
    }

    /** What was handed out so far, by name. */
    Map<String, Tensor> loaded() {
        return Collections.unmodifiableMap(tensors);
    }

    /** The derived tensors that were handed out so far, by what they are of. */
    Map<String, Tensor> derived() {
        return Collections.unmodifiableMap(derived);
    }

    private Tensor onDevice(TensorEntry entry) {
        boolean small = entry.bytes() <= LARGEST_BUFFER;
        boolean aligned = entry.offset() % entry.type().bytes() == 0;
        // bytes in a Java buffer can be seen as any type but bf16 without a copy
        boolean better = entry.type() == DType.BF16 && device.kind() == Device.Kind.CPU;
        if (small && !(aligned && better)) {
            return engine.ofBytes(stored.checkpoint().bytes(entry.name()), entry.type(), device, entry.shape());
        }
        if (!aligned) {
            throw new UserException("%s holds %s at an odd place and with more than 2 GB; save the model again."
                    .formatted(stored.checkpoint().file(entry.name()), entry.name()));
        }
        long begin = entry.offset() / entry.type().bytes();
        return mapped(stored.checkpoint().file(entry.name()), entry.type())
                .slice(0, begin, begin + entry.elements())
                .reshape(entry.shape())
                .to(device);
    }

    private Tensor mapped(Path file, DType type) {
        return mapped.computeIfAbsent(new Mapping(file, type), mapping -> {
            try {
                return owner.adopt(engine.mapFile(file, type, Files.size(file) / type.bytes()));
            } catch (IOException e) {
                throw new UserException("Cannot read %s: %s.".formatted(file, WholeFiles.reason(e)), e);
            }
        });
    }
}
