package org.layerwise.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.file.Folders;
import org.layerwise.base.file.Sha256;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SafetensorsWriter;
import org.layerwise.model.quantization.WeightPacking;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.TensorEngine;

/**
 * Quantised copies of the linear maps of checkpoints, each in a folder with one safetensors file for each layer. Only pieces of a matrix
 * are in memory while a copy is made.
 *
 * @param folder folder of the copies
 */
public record QuantizedCopies(TensorEngine engine, Path folder) {

    /** Part of the name of a folder that is deleted when its model is closed; the process that made it follows. */
    private static final String TEMPORARY = "of-process-";

    /** Bytes of the hash in a name. */
    private static final int NAME_BYTES = 8;

    /**
     * Returns a checkpoint with its linear maps in a quantised form. The matrices of experts that are stored as one tensor, and
     * all that belong to no layer, stay as they are.
     *
     * @param plain checkpoint to quantise; closed with the result
     * @param packing form, not {@link WeightPacking#NONE}
     * @param keep true to keep the copy for later, and to take the kept copy of this checkpoint if there is one; false to delete it
     *     when the result is closed
     * @throws UserException if the checkpoint is quantised already or has no matrix to quantise, a value is not finite, or the copy
     *     cannot be written
     * @throws org.layerwise.base.CancelledException if cancelled; no part of the copy remains
     */
    public Checkpoint quantized(Checkpoint plain, WeightPacking packing, boolean keep, Progress progress) {
        ModelBlueprint blueprint = ModelBlueprint.read(engine, plain);
        Map<Integer, List<String>> matrices = matrices(blueprint, packing);
        Path copy = keep ? folder.resolve(name(plain, packing)) : temporary(plain, packing);
        if (!Files.isDirectory(copy)) {
            write(plain, packing, matrices, copy, progress);
        }
        Set<String> replaced = new TreeSet<>();
        matrices.values().forEach(replaced::addAll);
        ObjectNode config = plain.config().deepCopy();
        config.set("quantization_config", config(packing));
        return plain.with(config, replaced, files(copy), keep ? () -> {} : () -> Folders.delete(copy));
    }

    /**
     * Returns the memory in bytes that the weights of a model take after {@link #quantized}, as {@link ModelBlueprint#bytes} does.
     *
     * @param plain model that is not quantised
     * @throws UserException if it is, or has no matrix to quantise
     */
    public static long bytes(ModelBlueprint plain, WeightPacking packing, DType compute) {
        Set<String> packed = new TreeSet<>();
        matrices(plain, packing).values().forEach(packed::addAll);
        long[] byLayer = new long[plain.config().layers()];
        long all = plain.bytes(compute);
        for (ModelTensor tensor : plain.tensors()) {
            if (packed.contains(tensor.stored())) {
                long decoded = tensor.bytes(compute);
                all += packing.bytes(tensor.shape().get(0), tensor.shape().get(1)) - decoded;
                tensor.layer().ifPresent(layer -> byLayer[layer] += decoded);
            }
        }
        return all + Arrays.stream(byLayer).max().orElse(0);
    }

    /** Returns the names in the files of the matrices of each layer. */
    private static Map<Integer, List<String>> matrices(ModelBlueprint blueprint, WeightPacking packing) {
        if (blueprint.isQuantized()) {
            throw new UserException("%s is quantised already; open it without --quantize %s."
                    .formatted(blueprint.checkpoint().folder(), packing.id()));
        }
        Map<String, LinearModule> linears = new HashMap<>();
        blueprint.linears().forEach(linear -> linears.put(linear.name() + ".weight", linear));
        Map<Integer, List<String>> found = new TreeMap<>();
        for (ModelTensor tensor : blueprint.tensors()) {
            LinearModule linear = linears.get(tensor.name());
            if (linear != null
                    && !blueprint.description().names().turned()
                    && !tensor.computesIn32Bits()
                    && tensor.shape().equals(List.of((long) linear.out(), (long) linear.in()))) {
                found.computeIfAbsent(linear.layer(), layer -> new ArrayList<>())
                        .add(tensor.stored());
            }
        }
        if (found.isEmpty()) {
            throw new UserException(
                    "%s has no matrices that --quantize can pack: those of its linear maps are stored transposed or many in one tensor; leave it out."
                            .formatted(blueprint.checkpoint().folder()));
        }
        return found;
    }

    private static JsonNode config(WeightPacking packing) {
        try {
            return Json.parse(packing.config());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private void write(
            Checkpoint plain,
            WeightPacking packing,
            Map<Integer, List<String>> matrices,
            Path copy,
            Progress progress) {
        deleteLeft();
        int layers = matrices.size();
        AtomicFiles.writeNewFolder(copy, beside -> {
            int done = 0;
            for (var layer : matrices.entrySet()) {
                Progress part = progress.part((double) done / layers, (done + 1.0) / layers);
                part.report(0, "Quantising layer %s of %s (%s)".formatted(++done, layers, packing.id()));
                List<SafetensorsWriter.Named> packed = new ArrayList<>();
                for (String name : layer.getValue()) {
                    packed.addAll(packing.pack(engine, plain, name, progress));
                }
                SafetensorsWriter.write(
                        beside.resolve(
                                String.format(Locale.ROOT, "%s-layer-%05d.safetensors", packing.id(), layer.getKey())),
                        packed,
                        Map.of("format", "pt"));
            }
            plain.requireUnchanged();
        });
    }

    private static List<Path> files(Path copy) {
        try (Stream<Path> files = Files.list(copy)) {
            return files.filter(file -> file.toString().endsWith(".safetensors"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(copy, FileErrors.reason(e)), e);
        }
    }

    private Path temporary(Checkpoint plain, WeightPacking packing) {
        return Folders.numbered(
                folder,
                "%s-%s-%s%s"
                        .formatted(
                                plain.name(),
                                packing.id(),
                                TEMPORARY,
                                ProcessHandle.current().pid()));
    }

    /** Deletes copies of processes that ended without doing so. */
    private void deleteLeft() {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> copies = Files.list(folder)) {
            copies.filter(QuantizedCopies::isLeft).toList().forEach(Folders::delete);
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(folder, FileErrors.reason(e)), e);
        }
    }

    private static boolean isLeft(Path copy) {
        String name = copy.getFileName().toString();
        int at = name.lastIndexOf(TEMPORARY);
        String process = at < 0 ? "" : name.substring(at + TEMPORARY.length()).replaceFirst("\\D.*", "");
        return !process.isEmpty()
                && process.length() < Long.BYTES * 2
                && ProcessHandle.of(Long.parseLong(process)).isEmpty();
    }

    /** Returns the name of the kept copy: that of the model, and a hash of its files' paths, sizes and times. */
    private static String name(Checkpoint plain, WeightPacking packing) {
        Set<Path> files = new TreeSet<>();
        plain.names().forEach(name -> files.add(plain.file(name)));
        MessageDigest digest = Sha256.digest();
        for (Path file : files) {
            digest.update(identity(file).getBytes(StandardCharsets.UTF_8));
        }
        return "%s-%s-%s"
                .formatted(plain.name(), packing.id(), HexFormat.of().formatHex(digest.digest(), 0, NAME_BYTES));
    }

    private static String identity(Path file) {
        try {
            BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class);
            return "%s\0%s\0%s\0".formatted(file.toRealPath(), facts.size(), facts.lastModifiedTime());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
