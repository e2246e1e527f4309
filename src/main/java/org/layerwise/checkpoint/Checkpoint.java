package org.layerwise.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.layerwise.base.CancelledException;
import org.layerwise.base.UserException;
import org.layerwise.base.file.Folders;
import org.layerwise.base.json.Json;

/**
 * Model as HuggingFace's {@code save_pretrained} writes it: a folder with {@code config.json}, the weights in
 * {@code model.safetensors} or in the shards that {@code model.safetensors.index.json} lists, and optionally
 * {@code tokenizer.json}. Immutable and safe to share between threads.
 */
public final class Checkpoint implements AutoCloseable {

    /** Prefix of the folder name of a model in the hub's cache. */
    private static final String CACHED = "models--";

    /** Name of the file with the configuration of a model. */
    public static final String CONFIG = "config.json";

    private static final String TOKENIZER = "tokenizer.json";
    static final String SINGLE = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";

    // far above the largest files on the hub: a config.json with 1000s of labels takes kilobytes, an index some
    // megabytes
    private static final long MOST_CONFIG_BYTES = 32L << 20;
    private static final long MOST_INDEX_BYTES = 100L << 20;

    private final Path folder;
    private final Path configFile;
    private final JsonNode config;
    private final JsonNode inFile;
    private final Path source;
    private final Map<String, SafetensorsFile> fileOfTensor;
    private final Runnable afterClosing;

    private Checkpoint(
            Path folder, Path configFile, JsonNode config, Path source, Map<String, SafetensorsFile> fileOfTensor) {
        this(folder, configFile, config, config, source, fileOfTensor, () -> {});
    }

    private Checkpoint(
            Path folder,
            Path configFile,
            JsonNode config,
            JsonNode inFile,
            Path source,
            Map<String, SafetensorsFile> fileOfTensor,
            Runnable afterClosing) {
        this.folder = folder;
        this.configFile = configFile;
        this.config = config;
        this.inFile = inFile;
        this.source = source;
        this.fileOfTensor = Collections.unmodifiableMap(fileOfTensor);
        this.afterClosing = afterClosing;
    }

    /**
     * Opens a folder and checks the headers of all its weight files.
     *
     * @throws UserException if the folder, its config.json, its weights or a shard is missing or broken, or the folder
     *     also contains an adapter
     * @throws CancelledException if the thread was interrupted
     */
    public static Checkpoint open(Path folder) {
        ModelFolder files = new ModelFolder(folder);
        Path configFile = configFile(folder);
        JsonNode config = config(configFile);
        // the single file takes precedence, as in transformers
        Optional<Path> single = files.file(SINGLE);
        if (single.isPresent()) {
            SafetensorsFile file = SafetensorsFile.open(single.get());
            Map<String, SafetensorsFile> tensors = new LinkedHashMap<>();
            file.names().forEach(name -> tensors.put(name, file));
            return new Checkpoint(folder, configFile, config, single.get(), tensors);
        }
        Path index = files.file(INDEX).orElseThrow(() -> files.withoutWeights(SINGLE + " nor " + INDEX));
        return new Checkpoint(folder, configFile, config, index, openShards(folder, index));
    }

    private static Path configFile(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new UserException(
                    Files.exists(folder)
                            ? "%s is a file; give the folder that holds the model's %s.".formatted(folder, CONFIG)
                            : "There is no folder %s.".formatted(folder));
        }
        ModelFolder files = new ModelFolder(folder);
        Path file = files.file(CONFIG)
                .orElseThrow(() -> new UserException(
                        "%s has no %s; choose the folder of a HuggingFace model.".formatted(folder, CONFIG)));
        files.requireNoAdapter();
        return file;
    }

    private static JsonNode config(Path file) {
        JsonNode config = Json.read(file, MOST_CONFIG_BYTES);
        if (!config.isObject()) {
            throw new UserException("%s is not a JSON object, as a model's configuration must be.".formatted(file));
        }
        return config;
    }

    /**
     * Opens a folder whose weights may be missing: as {@link #open} does if they are there, otherwise as
     * {@link #ofConfig} does.
     *
     * @throws UserException as {@link #open}, but not for missing weights
     */
    public static Checkpoint outline(Path folder) {
        Path file = configFile(folder);
        return new ModelFolder(folder).hasWeights()
                ? open(folder)
                : new Checkpoint(folder, file, config(file), file, Map.of());
    }

    /**
     * Opens a model that consists of its configuration only.
     *
     * @param file its {@code config.json}, which may have any name
     * @throws UserException if the file is missing or not a JSON object
     */
    public static Checkpoint ofConfig(Path file) {
        JsonNode config = config(file);
        Path folder = file.toAbsolutePath().normalize().getParent();
        return new Checkpoint(folder == null ? file : folder, file, config, file, Map.of());
    }

    /**
     * Returns this model with some tensors from other files. This checkpoint is not used any more: files of it that hold no other tensor
     * are closed, and closing the result closes the rest.
     *
     * @param changed configuration that suits the other files, in place of that of the folder
     * @param replaced names of the tensors that are left out
     * @param files safetensors files with the tensors that are added
     * @param afterClosing called once the files are closed
     * @throws UserException if a file is broken
     */
    public Checkpoint with(JsonNode changed, Set<String> replaced, List<Path> files, Runnable afterClosing) {
        Map<String, SafetensorsFile> tensors = new LinkedHashMap<>(fileOfTensor);
        tensors.keySet().removeAll(replaced);
        List<SafetensorsFile> opened = new ArrayList<>();
        try {
            for (Path path : files) {
                SafetensorsFile file = SafetensorsFile.open(path);
                opened.add(file);
                file.names().forEach(name -> tensors.put(name, file));
            }
        } catch (RuntimeException e) {
            opened.forEach(SafetensorsFile::close);
            throw e;
        }
        Set<SafetensorsFile> unused = new HashSet<>(fileOfTensor.values());
        unused.removeAll(tensors.values());
        unused.forEach(SafetensorsFile::close);
        return new Checkpoint(folder, configFile, changed, inFile, source, tensors, afterClosing);
    }

    /** Returns the folder. */
    public Path folder() {
        return folder;
    }

    /**
     * Returns the file that lists the tensors: the weights, or the index of their shards. For a configuration without
     * weights, returns the configuration file.
     */
    public Path source() {
        return source;
    }

    /** Returns the file of the configuration, {@code config.json}. */
    public Path configFile() {
        return configFile;
    }

    /** Returns the name of the model: the last part of the folder's path or, in the hub's cache, of the model's id. */
    public String name() {
        Path last = whole().getFileName();
        return cachedModel()
                .map(model -> model.replaceFirst(".*--", ""))
                .orElse(last == null ? folder.toString() : last.toString());
    }

    /** Returns the id on the hub, {@code org/name}, of a model in the hub's cache; empty for other folders. */
    public Optional<String> hubId() {
        return cachedModel().map(model -> model.substring(CACHED.length()).replaceFirst("--", "/"));
    }

    /** Returns the commit of a model in the hub's cache; empty for other folders. */
    public Optional<String> revision() {
        return cachedModel().map(model -> whole().getFileName().toString());
    }

    /**
     * Returns the folder name {@code models--org--name} above a snapshot of the hub's cache; empty for other folders.
     */
    private Optional<String> cachedModel() {
        Path whole = whole();
        return whole.getNameCount() < 3 || !Folders.parent(whole).endsWith("snapshots")
                ? Optional.empty()
                : Optional.of(whole.getName(whole.getNameCount() - 3).toString())
                        .filter(model -> model.startsWith(CACHED));
    }

    private Path whole() {
        return folder.toAbsolutePath().normalize();
    }

    /** Returns the configuration: the content of config.json, an object, unless other files have replaced it. */
    public JsonNode config() {
        return config;
    }

    /**
     * Returns the file tokenizer.json, if the folder has one.
     *
     * @throws UserException if it is a link to a file outside the folder
     */
    public Optional<Path> tokenizer() {
        return new ModelFolder(folder).file(TOKENIZER);
    }

    /** Returns the names of all tensors, file by file, in the order of their data in the file. */
    public Set<String> names() {
        return fileOfTensor.keySet();
    }

    /** Returns true if there are weights, false if there is only the configuration. */
    public boolean hasWeights() {
        return !fileOfTensor.isEmpty();
    }

    /** Returns true if there is a tensor of this name. */
    public boolean has(String tensor) {
        return fileOfTensor.containsKey(tensor);
    }

    /**
     * Returns type, shape and position of a tensor in {@link #file}.
     *
     * @throws UserException if there is none of this name
     */
    public TensorEntry entry(String tensor) {
        return holder(tensor).entry(tensor);
    }

    /**
     * Returns the safetensors file that contains a tensor.
     *
     * @throws UserException if there is none of this name
     */
    public Path file(String tensor) {
        return holder(tensor).path();
    }

    /**
     * Returns the data of a tensor, as {@link SafetensorsFile#bytes} does.
     *
     * @throws UserException if there is none of this name
     * @throws IllegalArgumentException if the tensor takes 2 GB or more: map {@link #file} at its entry's offset
     */
    public ByteBuffer bytes(String tensor) {
        return holder(tensor).bytes(tensor);
    }

    /**
     * Reads a part of the data of a tensor, as {@link SafetensorsFile#read} does.
     *
     * @throws UserException if there is none of this name, or its file was changed or replaced since it was opened
     */
    public void read(String tensor, long offset, ByteBuffer target) {
        holder(tensor).read(tensor, offset, target);
    }

    /**
     * Checks that the file of a tensor is still the one that was opened, as {@link SafetensorsFile#requireUnchanged}
     * does.
     *
     * @throws UserException if there is no tensor of this name, or its file was changed or replaced
     */
    public void requireUnchanged(String tensor) {
        holder(tensor).requireUnchanged();
    }

    /**
     * Checks that all weight files are still those that were opened, as {@link SafetensorsFile#requireUnchanged} does,
     * and that config.json still has the values that were read.
     *
     * @throws UserException if a file was changed or replaced
     */
    public void requireUnchanged() {
        if (!config(configFile).equals(inFile)) {
            throw new UserException(SafetensorsFile.changed(configFile));
        }
        Set.copyOf(fileOfTensor.values()).forEach(SafetensorsFile::requireUnchanged);
    }

    /**
     * Returns the data of a tensor of any size, as {@link SafetensorsFile#pieces} does.
     *
     * @throws UserException if there is none of this name
     */
    public Iterable<ByteBuffer> pieces(String tensor) {
        return holder(tensor).pieces(tensor);
    }

    /**
     * Returns a tensor that must have the shape which follows from config.json.
     *
     * @throws UserException if there is none of this name, or it has another shape
     */
    public TensorEntry require(String tensor, long... shape) {
        TensorEntry entry = entry(tensor);
        if (!Arrays.equals(entry.shape(), shape)) {
            throw otherShape(tensor, entry.shape(), shape);
        }
        return entry;
    }

    /**
     * Returns the exception for a tensor whose shape contradicts config.json.
     *
     * @param found shape in the file
     * @param asked shape that follows from config.json
     */
    public UserException otherShape(String tensor, long[] found, long[] asked) {
        return new UserException(
                "%s: tensor '%s' has the shape %s, but %s asks for %s; the two files are not of the same model."
                        .formatted(
                                file(tensor),
                                tensor,
                                Arrays.toString(found),
                                folder.resolve(CONFIG),
                                Arrays.toString(asked)));
    }

    /** Closes the weight files. */
    @Override
    public void close() {
        Set.copyOf(fileOfTensor.values()).forEach(SafetensorsFile::close);
        afterClosing.run();
    }

    private SafetensorsFile holder(String tensor) {
        SafetensorsFile file = fileOfTensor.get(tensor);
        if (file == null) {
            throw new UserException(
                    "%s has no tensor '%s', which the model of %s needs; the download may be incomplete or the configuration another model's."
                            .formatted(source, tensor, CONFIG));
        }
        return file;
    }

    private static Map<String, SafetensorsFile> openShards(Path folder, Path index) {
        JsonNode weightMap = weightMap(index);
        if (!weightMap.isObject()) {
            throw new UserException("%s has no weight_map, which says where each tensor is; copy or download it again."
                    .formatted(index));
        }
        Map<String, SafetensorsFile> shards = new TreeMap<>();
        weightMap.properties().forEach(property -> {
            String shard = property.getValue().asText();
            if (!shards.containsKey(shard)) {
                shards.put(shard, SafetensorsFile.open(shardFile(folder, index, shard)));
            }
            if (!shards.get(shard).has(property.getKey())) {
                throw new UserException(
                        "%s has no tensor '%s', although %s places it there; copy or download both again."
                                .formatted(shards.get(shard).path(), ShortText.of(property.getKey()), index));
            }
        });
        Map<String, SafetensorsFile> tensors = new LinkedHashMap<>();
        shards.forEach((shard, file) -> file.names().stream()
                .filter(name -> weightMap.path(name).asText().equals(shard))
                .forEach(name -> tensors.put(name, file)));
        for (SafetensorsFile file : shards.values()) {
            for (String name : file.names()) {
                SafetensorsFile found = tensors.get(name);
                if (found != null) {
                    requireSame(name, found, file);
                }
            }
        }
        return tensors;
    }

    /**
     * Refuses a tensor that differs between two shards: the index names one of them, but transformers keeps the one
     * that it loads last.
     */
    private static void requireSame(String tensor, SafetensorsFile listed, SafetensorsFile file) {
        if (file != listed && !file.agreesWith(listed, tensor)) {
            throw new UserException(
                    "%s and %s hold different values of tensor '%s', and programs differ in which they take; copy or download the model again."
                            .formatted(listed.path(), file.path().getFileName(), ShortText.of(tensor)));
        }
    }

    /** Reads the shard of each tensor from an index. */
    static JsonNode weightMap(Path index) {
        return Json.read(index, MOST_INDEX_BYTES).path("weight_map");
    }

    private static Path shardFile(Path folder, Path index, String shard) {
        try {
            return new ModelFolder(folder)
                    .file(shard)
                    .orElseThrow(() ->
                            new UserException("%s names the shard %s, which is not in %s; copy or download it again."
                                    .formatted(index, ShortText.of(shard), folder)));
        } catch (InvalidPathException e) {
            throw new UserException(
                    "%s names '%s', which is not a file name.".formatted(index, ShortText.of(shard)), e);
        }
    }
}
