package org.layerwise.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileErrors;
import org.layerwise.checkpoint.TensorEntry;
import org.layerwise.model.quantization.QuantizedTensor;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;

/**
 * Weights of a checkpoint on a device. They are read into new memory, or stay in their mapped files if memory is short
 * or if the weights are only inspected.
 */
final class FileWeights implements LoadedWeights.Supply {

    private static final long LARGEST_BUFFER = Integer.MAX_VALUE;

    private final TensorEngine engine;
    private final StoredTensors stored;
    private final Device device;
    private final TensorOwner owner;
    private final Use use;
    private final Map<Mapping, Tensor> mapped = new HashMap<>();

    /** File mapped as elements of a type. */
    private record Mapping(Path file, DType type) {}

    private enum Use {
        READ,
        MAPPED,
        AS_STORED
    }

    private FileWeights(TensorEngine engine, StoredTensors stored, Device device, TensorOwner owner, Use use) {
        this.engine = engine;
        this.stored = stored;
        this.device = device;
        this.owner = owner;
        this.use = use;
    }

    /** Returns weights to compute with that are read into new memory, so that later changes of the files do no harm. */
    static FileWeights read(TensorEngine engine, StoredTensors stored, Device device, TensorOwner owner) {
        return new FileWeights(engine, stored, device, owner, Use.READ);
    }

    /**
     * Returns weights to compute with if memory is short: on the processor, weights that are stored in the compute type
     * stay in their mapped files. A file that was changed before is refused; a file that becomes shorter later ends the
     * process.
     *
     * @param owner owner of the mapped files
     */
    static FileWeights mapped(TensorEngine engine, StoredTensors stored, Device device, TensorOwner owner) {
        return new FileWeights(engine, stored, device, owner, Use.MAPPED);
    }

    /** Returns weights to inspect: matrices stay in the type in which they are stored, and thus in their files. */
    static FileWeights asStored(TensorEngine engine, StoredTensors stored, TensorOwner owner) {
        return new FileWeights(engine, stored, Device.CPU, owner, Use.AS_STORED);
    }

    @Override
    public boolean has(String name) {
        return stored.find(name).isPresent();
    }

    @Override
    public Tensor tensor(String name, DType type, long... shape) {
        StoredTensors.Stored found = stored.require(stored.findOrLikely(name), shape);
        if (found.quantized() != null) {
            return decoded(found.quantized(), type, shape);
        }
        TensorEntry entry = stored.checkpoint().entry(found.name());
        if (!entry.type().floating()) {
            throw new UserException("%s holds %s as %s; weights must be floating-point numbers."
                    .formatted(
                            stored.checkpoint().file(entry.name()),
                            entry.name(),
                            entry.type().fileName()));
        }
        return switch (use) {
            case READ -> read(entry, entry.type(), type, entry.shape());
            case MAPPED -> inItsFile(entry).cast(type);
            case AS_STORED -> shape.length < 2 ? inItsFile(entry).cast(type) : inItsFile(entry);
        };
    }

    @Override
    public Optional<QuantizedWeight> quantized(String name, DType type, int out, int in) {
        QuantizedTensor codes = stored.find(name).map(stored.quantized()::get).orElse(null);
        if (codes == null || use == Use.AS_STORED) {
            return Optional.empty();
        }
        stored.require(codes.name(), out, in);
        return Optional.of(new QuantizedWeight(engine, codes, parts(codes), type));
    }

    private Tensor decoded(QuantizedTensor codes, DType type, long... shape) {
        return use == Use.AS_STORED
                ? new BlankWeights(engine, stored.checkpoint().configFile()).tensor(codes.name(), type, shape)
                : codes.decode(engine, parts(codes), type);
    }

    private List<Tensor> parts(QuantizedTensor codes) {
        return codes.parts().stream()
                .map(part -> read(part.entry(), part.type(), part.type(), part.dimensions()))
                .toList();
    }

    private Tensor read(TensorEntry entry, DType from, DType to, long... shape) {
        return engine.filled(
                from, to, device, (piece, offset) -> stored.checkpoint().read(entry.name(), offset, piece), shape);
    }

    private Tensor inItsFile(TensorEntry entry) {
        stored.checkpoint().requireUnchanged(entry.name());
        boolean small = entry.bytes() <= LARGEST_BUFFER;
        boolean aligned = entry.offset() % entry.type().bytes() == 0;
        // a Java buffer can be viewed as any type except bf16 without a copy
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
                throw new UserException("Cannot read %s: %s.".formatted(file, FileErrors.reason(e)), e);
            }
        });
    }
}
