package org.layerwise.install.torch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;

/**
 * Compute settings of a user, for all studies. The device of a study is not part of these settings.
 *
 * @param gpu libraries to use; empty for those of the program, which support the CPU only
 * @param threads number of threads per operation on the CPU; empty for libtorch's default
 */
public record ComputeSettings(Optional<Gpu> gpu, OptionalInt threads) {

    /** Maximum number of threads that is accepted. */
    public static final int MOST_THREADS = 1024;

    /** Name of the file in the folder of settings. */
    static final String FILE = "compute.json";

    /**
     * Libraries that passed a check.
     *
     * @param folder folder as the user named it
     * @param version version such as {@code 2.7.1+cu126}
     * @param stamp stamp of the checked files
     */
    public record Gpu(Path folder, String version, String stamp) {}

    /** Returns the defaults: the program's own libraries and libtorch's default number of threads. */
    public static ComputeSettings usual() {
        return new ComputeSettings(Optional.empty(), OptionalInt.empty());
    }

    /** Returns these settings with other libraries. */
    public ComputeSettings with(Optional<Gpu> other) {
        return new ComputeSettings(other, threads);
    }

    /** Returns these settings with another number of threads. */
    public ComputeSettings withThreads(OptionalInt number) {
        return new ComputeSettings(gpu, number);
    }

    /**
     * Reads the settings; returns the defaults if there is no file.
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

    /**
     * Writes the settings.
     *
     * @throws UserException if the file cannot be written
     */
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
