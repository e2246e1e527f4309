package org.layerwise.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
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
        READ_EXCEPT_TABLES,
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
     * Returns weights to compute with that are read into new memory, except tables of which single rows are read, which stay in
     * their files, with the dangers of {@link #mapped}.
     */
    static FileWeights readExceptTables(TensorEngine engine, StoredTensors stored, Device device, TensorOwner owner) {
        return new FileWeights(engine, stored, device, owner, Use.READ_EXCEPT_TABLES);
    }

    /**
     * Returns weights to compute with if memory is short: matrices stay in their mapped files, and those that are quantised,
     * in another type or needed on a GPU are made for each computation. A file that was changed before is refused; a file
     * that becomes shorter later ends the process.
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
            case READ, READ_EXCEPT_TABLES -> read(entry, entry.type(), type, entry.shape());
            case MAPPED -> inItsFile(entry).to(device).cast(type);
            case AS_STORED -> shape.length < 2 ? inItsFile(entry).cast(type) : inItsFile(entry);
        };
    }

    @Override
    public Tensor table(String name, DType type, long rows, long width) {
        StoredTensors.Stored found = stored.require(stored.findOrLikely(name), rows, width);
        boolean inFile = use == Use.MAPPED || use == Use.READ_EXCEPT_TABLES;
        return inFile && device.kind() == Device.Kind.CPU && isPlain(found)
                ? inItsFile(stored.checkpoint().entry(found.name()))
                : tensor(name, type, rows, width);
    }

    @Override
    public Optional<OnDemandWeight> onDemand(String name, DType type, int out, int in) {
        StoredTensors.Stored found = stored.require(stored.findOrLikely(name), out, in);
        QuantizedTensor codes = found.quantized();
        if (use != Use.AS_STORED && codes != null) {
            return Optional.of(new OnDemandWeight(
                    engine,
                    out,
                    in,
                    parts(codes),
                    type,
                    (parts, compute) -> codes.decode(engine, there(parts), compute)));
        }
        if (staysInFile(found, type)) {
            List<Tensor> inFile = List.of(inItsFile(stored.checkpoint().entry(found.name())));
            return Optional.of(new OnDemandWeight(engine, out, in, inFile, type, this::converted));
        }
        return Optional.empty();
    }

    @Override
    public List<OnDemandWeight> onDemand(String name, DType type, int count, int out, int in, boolean turned) {
        long[] one = turned ? new long[] {in, out} : new long[] {out, in};
        StoredTensors.Stored found = stored.require(stored.findOrLikely(name), count, one[0], one[1]);
        QuantizedTensor codes = found.quantized();
        if (use != Use.AS_STORED && codes != null && codes.rowsTogether() == 1) {
            List<Tensor> all = parts(codes);
            return matrices(
                    count,
                    out,
                    in,
                    type,
                    turned,
                    index -> codes.shares(all, index, index + 1L),
                    (parts, compute) -> codes.decodeShares(engine, there(parts), compute, one));
        }
        if (staysInFile(found, type)) {
            Tensor all = inItsFile(stored.checkpoint().entry(found.name()));
            return matrices(count, out, in, type, turned, index -> List.of(all.select(0, index)), this::converted);
        }
        return List.of();
    }

    private List<OnDemandWeight> matrices(
            int count,
            int out,
            int in,
            DType type,
            boolean turned,
            IntFunction<List<Tensor>> parts,
            OnDemandWeight.Maker maker) {
        OnDemandWeight.Maker oriented =
                turned ? (stored, compute) -> maker.make(stored, compute).transpose() : maker;
        return IntStream.range(0, count)
                .mapToObj(index -> new OnDemandWeight(engine, out, in, parts.apply(index), type, oriented))
                .toList();
    }

    /** Returns true if a tensor stays in its file although it is computed with in another form. */
    private boolean staysInFile(StoredTensors.Stored found, DType type) {
        return use == Use.MAPPED && isPlain(found) && !(found.type() == type && device.kind() == Device.Kind.CPU);
    }

    private static boolean isPlain(StoredTensors.Stored found) {
        return found.quantized() == null && found.type().floating();
    }

    private Tensor converted(List<Tensor> inFile, DType compute) {
        return there(inFile).get(0).cast(compute);
    }

    private List<Tensor> there(List<Tensor> parts) {
        return parts.stream().map(part -> part.to(device)).toList();
    }

    private Tensor decoded(QuantizedTensor codes, DType type, long... shape) {
        return use == Use.AS_STORED
                ? new BlankWeights(engine, stored.checkpoint().configFile()).tensor(codes.name(), type, shape)
                : codes.decode(engine, parts(codes), type);
    }

    private List<Tensor> parts(QuantizedTensor codes) {
        return codes.parts().stream()
                .map(part -> use == Use.MAPPED
                        ? inItsFile(part.entry(), part.type(), part.dimensions())
                        : read(part.entry(), part.type(), part.type(), part.dimensions()))
                .toList();
    }

    private Tensor read(TensorEntry entry, DType from, DType to, long... shape) {
        return engine.filled(
                from, to, device, (piece, offset) -> stored.checkpoint().read(entry.name(), offset, piece), shape);
    }

    private Tensor inItsFile(TensorEntry entry) {
        return inItsFile(entry, entry.type(), entry.shape());
    }

    /** Returns the bytes of a stored tensor as elements of a type, on the processor. */
    private Tensor inItsFile(TensorEntry entry, DType type, long... shape) {
        stored.checkpoint().requireUnchanged(entry.name());
        boolean aligned = entry.offset() % type.bytes() == 0;
        // a Java buffer is seen without a copy at multiples of 8 bytes, and not as bf16
        boolean inBuffer = type != DType.BF16 && entry.offset() % Long.BYTES == 0;
        if (entry.bytes() <= LARGEST_BUFFER && (inBuffer || !aligned)) {
            return engine.ofBytes(stored.checkpoint().bytes(entry.name()), type, Device.CPU, shape);
        }
        if (!aligned) {
            throw new UserException("%s holds %s at an odd place and with more than 2 GB; save the model again."
                    .formatted(stored.checkpoint().file(entry.name()), entry.name()));
        }
        long begin = entry.offset() / type.bytes();
        return mapped(stored.checkpoint().file(entry.name()), type)
                .slice(0, begin, begin + entry.bytes() / type.bytes())
                .reshape(shape);
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
