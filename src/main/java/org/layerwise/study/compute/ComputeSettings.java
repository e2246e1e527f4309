package org.layerwise.study.compute;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.layerwise.base.Json;
import org.layerwise.base.UserException;

/**
 * What a user has chosen to compute on, for all studies: which device a study takes is its own matter.
 *
 * @param gpu the libraries to use; empty for those that come with the program, which know the processor only
 * @param threads of one operation on the processor; empty for libtorch's own choice
 */
public record ComputeSettings(Optional<Gpu> gpu, OptionalInt threads) {

    /** The most threads that make sense to ask for. */
    public static final int MOST_THREADS = 1024;

    /** The file in the folder of settings. */
    static final String FILE = "compute.json";

    /**
     * Libraries that were tried and found good.
     *
     * @param folder as it was named
     * @param version such as {@code 2.7.1+cu126}
     * @param stamp of the files that were tried
     */
    public record Gpu(Path folder, String version, String stamp) {}

    /** The program's own libraries and libtorch's own number of threads. */
    public static ComputeSettings usual() {
        return new ComputeSettings(Optional.empty(), OptionalInt.empty());
    }

    /** The same with other libraries. */
    public ComputeSettings with(Optional<Gpu> other) {
        return new ComputeSettings(other, threads);
    }

    /** The same with another number of threads. */
    public ComputeSettings withThreads(OptionalInt number) {
        return new ComputeSettings(gpu, number);
    }

    /**
     * Reads them; the usual ones if nothing was saved.
     *
     * @throws UserException if the file is broken
     */
    static ComputeSettings read(Path config) {
        Path file = config.resolve(FILE);
        if (!Files.exists(file)) {
            return usual();
        }
        JsonNode tree = tree(file);
        JsonNode gpu = tree.path("gpu");
        JsonNode threads = tree.path("threads");
        boolean sound = tree.isObject()
                && (gpu.isMissingNode() || gpu.isObject())
                && (threads.isMissingNode() || threads.isInt() && threads.intValue() > 0);
        if (!sound) {
            throw new UserException(
                    "%s holds no settings of Layerwise; layerwise gpu --reset writes it anew.".formatted(file));
        }
        return new ComputeSettings(
                gpu.isObject() ? Optional.of(gpu(file, gpu)) : Optional.empty(),
                threads.isInt() ? OptionalInt.of(Math.min(MOST_THREADS, threads.intValue())) : OptionalInt.empty());
    }

    private static JsonNode tree(Path file) {
        try {
            return Json.read(file);
        } catch (UserException e) {
            throw new UserException(
                    String.valueOf(e.getMessage()).replaceAll("\\.$", "") + "; layerwise gpu --reset writes it anew.",
                    e);
        }
    }

    private static Gpu gpu(Path file, JsonNode gpu) {
        try {
            String folder = gpu.path("folder").asText();
            if (!folder.isEmpty()) {
                return new Gpu(
                        Path.of(folder),
                        gpu.path("version").asText(),
                        gpu.path("stamp").asText());
            }
        } catch (InvalidPathException e) {
            throw new UserException(
                    "%s names a folder that cannot be (%s); layerwise gpu --reset writes it anew."
                            .formatted(file, e.getReason()),
                    e);
        }
        throw new UserException(
                "%s does not say where the GPU libraries are; layerwise gpu --reset writes it anew.".formatted(file));
    }

    /** @throws UserException if they cannot be written */
    void write(Path config) {
        ObjectNode tree = Json.object();
        gpu.ifPresent(chosen -> tree.putObject("gpu")
                .put("folder", chosen.folder().toString())
                .put("version", chosen.version())
                .put("stamp", chosen.stamp()));
        threads.ifPresent(number -> tree.put("threads", number));
        Json.write(config.resolve(FILE), tree);
    }
}
