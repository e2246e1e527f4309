package org.layerwise.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.file.Sha256;
import org.layerwise.base.file.TemporaryFolder;
import org.layerwise.base.file.WritablePaths;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.checkpoint.SafetensorsWriter;
import org.layerwise.model.quantization.WeightQuantization;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.TensorEngine;

/**
 * Quantised copies of the linear maps of checkpoints, each in a folder with one safetensors file for each layer. Only pieces of a matrix
 * are in memory while a copy is made.
 *
 * @param folder folder of the copies
 */
public record QuantizedCopies(TensorEngine engine, Path folder) {

    /** Types of matrices that bitsandbytes packs. */
    private static final Set<DType> PACKED_FROM = Set.of(DType.F32, DType.F16, DType.BF16);

    /** Bytes of the hash in a name. */
    private static final int NAME_BYTES = 8;

    /**
     * Returns a checkpoint with its linear maps in a quantised form. The matrices of experts that are stored as one tensor, and
     * all that belong to no layer, stay as they are.
     *
     * @param plain checkpoint to quantise; closed with the result
     * @param quantization form, not {@link WeightQuantization#NONE}
     * @param keep true to keep the copy for later, and to take the kept copy of this checkpoint if there is a whole one; false to delete it
     *     when the result is closed
     * @throws UserException if the checkpoint is quantised already or has no matrix to quantise, a value is not finite, or the copy
     *     cannot be written
     * @throws org.layerwise.base.CancelledException if cancelled; no part of the copy remains
     */
    public Checkpoint quantized(Checkpoint plain, WeightQuantization quantization, boolean keep, Progress progress) {
        Map<Integer, List<String>> matrices = matrices(ModelBlueprint.read(engine, plain), quantization);
        if (keep) {
            Path copy = folder.resolve(name(plain, quantization));
            if (!isWhole(files(copy, quantization, matrices.keySet()))) {
                AtomicFiles.writeFolder(copy, beside -> write(plain, quantization, matrices, beside, progress));
            }
            return opened(plain, quantization, matrices, copy, () -> {});
        }
        TemporaryFolder copy = temporary(plain, quantization);
        try {
            write(plain, quantization, matrices, copy.path(), progress);
            return opened(plain, quantization, matrices, copy.path(), copy::close);
        } catch (RuntimeException | Error e) {
            copy.close();
            throw e;
        }
    }

    private static Checkpoint opened(
            Checkpoint plain,
            WeightQuantization quantization,
            Map<Integer, List<String>> matrices,
            Path copy,
            Runnable afterClosing) {
        Set<String> replaced = new TreeSet<>();
        matrices.values().forEach(replaced::addAll);
        ObjectNode config = plain.config().deepCopy();
        config.set("quantization_config", config(quantization));
        return plain.with(config, replaced, files(copy, quantization, matrices.keySet()), afterClosing);
    }

    /**
     * Memory in bytes that the weights of a model take.
     *
     * @param whole all of them, as {@link ModelBlueprint#bytes} counts
     * @param largestPart the largest part, as {@link ModelBlueprint#largestPartBytes} counts
     */
    public record Sizes(long whole, long largestPart) {}

    /**
     * Returns the memory that the weights of a model take after {@link #quantized}.
     *
     * @param plain model that is not quantised
     * @throws UserException if it is, or has no matrix to quantise
     */
    public static Sizes sizes(ModelBlueprint plain, WeightQuantization quantization, DType compute) {
        Set<String> packed = new TreeSet<>();
        matrices(plain, quantization).values().forEach(packed::addAll);
        long decoded = plain.madeBytes(compute, tensor -> packed.contains(tensor.stored()));
        ToLongFunction<ModelTensor> size = tensor -> packed.contains(tensor.stored())
                ? quantization.bytes(tensor.shape().get(0), tensor.shape().get(1))
                : tensor.bytes(compute);
        return new Sizes(
                plain.tensors().stream().mapToLong(size).sum() + decoded, plain.largestPartBytes(size, decoded));
    }

    /** Returns the names in the files of the matrices of each layer. */
    private static Map<Integer, List<String>> matrices(ModelBlueprint blueprint, WeightQuantization quantization) {
        if (blueprint.isQuantized()) {
            throw new UserException("%s is quantised already; open it without --quantize %s."
                    .formatted(blueprint.checkpoint().folder(), quantization.id()));
        }
        Map<String, LinearModule> linears = new HashMap<>();
        blueprint.linears().forEach(linear -> linears.put(linear.name() + ".weight", linear));
        Map<Integer, List<String>> found = new TreeMap<>();
        for (ModelTensor tensor : blueprint.tensors()) {
            LinearModule linear = linears.get(tensor.name());
            if (linear != null
                    && !blueprint.description().names().turned()
                    && !tensor.computesIn32Bits()
                    && PACKED_FROM.contains(tensor.type())
                    && tensor.shape().equals(List.of((long) linear.out(), (long) linear.in()))) {
                found.computeIfAbsent(linear.layer(), layer -> new ArrayList<>())
                        .add(tensor.stored());
            }
        }
        if (found.isEmpty()) {
            throw new UserException(
                    "%s has no matrices that --quantize can pack: those of its linear maps are stored transposed, many in one tensor, or in 64 bits; leave it out."
                            .formatted(blueprint.checkpoint().folder()));
        }
        return found;
    }

    private static JsonNode config(WeightQuantization quantization) {
        try {
            return Json.parse(quantization.config());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private void write(
            Checkpoint plain,
            WeightQuantization quantization,
            Map<Integer, List<String>> matrices,
            Path copy,
            Progress progress) {
        int done = 0;
        for (var layer : matrices.entrySet()) {
            progress.report(
                    (double) done / matrices.size(),
                    "Quantising layer %s of %s (%s)".formatted(++done, matrices.size(), quantization.id()));
            List<SafetensorsWriter.Named> packed = new ArrayList<>();
            for (String name : layer.getValue()) {
                packed.addAll(quantization.quantize(engine, plain, name, progress));
            }
            SafetensorsWriter.write(file(copy, quantization, layer.getKey()), packed, Map.of("format", "pt"));
        }
        plain.requireUnchanged();
    }

    private static Path file(Path copy, WeightQuantization quantization, int layer) {
        return copy.resolve(String.format(Locale.ROOT, "%s-layer-%05d.safetensors", quantization.id(), layer));
    }

    private static List<Path> files(Path copy, WeightQuantization quantization, Set<Integer> layers) {
        return layers.stream().map(layer -> file(copy, quantization, layer)).toList();
    }

    /** Returns true if all files are there and none is truncated. */
    private static boolean isWhole(List<Path> files) {
        for (Path file : files) {
            try {
                if (!Files.exists(file) || !SafetensorsFile.isWhole(file)) {
                    return false;
                }
            } catch (IOException e) {
                throw unreadable(file, e);
            }
        }
        return true;
    }

    private static UserException unreadable(Path file, IOException e) {
        return new UserException("Cannot read %s: %s.".formatted(file, FileErrors.reason(e)), e);
    }

    private TemporaryFolder temporary(Checkpoint plain, WeightQuantization quantization) {
        WritablePaths.requireFolder(folder);
        try {
            return TemporaryFolder.in(folder, plain.name() + "-" + quantization.id());
        } catch (IOException e) {
            throw new UserException("Cannot write into %s: %s.".formatted(folder, FileErrors.reason(e)), e);
        }
    }

    /** Returns the name of the kept copy: that of the model, and a hash of its files' paths, sizes and times. */
    private static String name(Checkpoint plain, WeightQuantization quantization) {
        Set<Path> files = new TreeSet<>();
        plain.names().forEach(name -> files.add(plain.file(name)));
        MessageDigest digest = Sha256.digest();
        for (Path file : files) {
            digest.update(identity(file).getBytes(StandardCharsets.UTF_8));
        }
        return "%s-%s-%s"
                .formatted(plain.name(), quantization.id(), HexFormat.of().formatHex(digest.digest(), 0, NAME_BYTES));
    }

    private static String identity(Path file) {
        try {
            BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class);
            return "%s\0%s\0%s\0".formatted(file.toRealPath(), facts.size(), facts.lastModifiedTime());
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }
}
