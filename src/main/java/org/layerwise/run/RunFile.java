package org.layerwise.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;

/**
 * File {@code run.json} of a run, with its description, inputs, environment and state. Every change rewrites the whole
 * file atomically, so that the last version survives the death of the process.
 */
public final class RunFile {

    public static final String NAME = "run.json";
    static final String LAYERS_REASON = "layers_reason";

    private final Path file;
    private final ObjectNode json;

    private RunFile(Path file, ObjectNode json) {
        this.file = file;
        this.json = json;
    }

    /**
     * Description of a run.
     *
     * @param model display name of the model
     * @param layers 0-based layers with adapters
     * @param layersReason reason for the choice of the layers, in words that follow "They were chosen"; null if no
     *     reason is known
     * @param of number of layers of the model
     * @param config flags of the run, as in {@code config.yaml}
     * @param environment hardware and software of the computation, by name
     * @param totalSteps total number of steps
     */
    public record Subject(
            String model,
            String data,
            String task,
            Iterable<Integer> layers,
            @Nullable String layersReason,
            int of,
            RunIdentity identity,
            Map<String, Object> config,
            Map<String, String> environment,
            int totalSteps) {}

    /** Writes the file of a queued run, for which only a few values are known. */
    static void queue(Path folder, String model, String data, @Nullable String layersReason) {
        ObjectNode json = named(folder, Json.object());
        reason(json, layersReason);
        json.put("model", model);
        json.put("data", data);
        new RunFile(folder.resolve(NAME), json).write(RunState.QUEUED, null);
    }

    /** Writes the file of a run that starts, is resumed, or was queued. */
    public static RunFile begin(Path folder, Subject subject, boolean resumed) {
        Path file = folder.resolve(NAME);
        ObjectNode json = named(folder, earlier(file, resumed));
        json.put("started", Provenance.now());
        json.put("model", subject.model());
        json.put("data", subject.data());
        json.put("task", subject.task());
        json.set("layers", Json.tree(subject.layers()));
        reason(json, subject.layersReason());
        json.put("of", subject.of());
        json.put("total_steps", subject.totalSteps());
        json.set("identity", subject.identity().json());
        json.set("environment", Json.tree(subject.environment()));
        json.set("config", Json.tree(subject.config()));
        RunFile run = new RunFile(file, json);
        run.write(RunState.RUNNING, null);
        return run;
    }

    /**
     * Returns true if the file says that the run is finished. Unlike {@link Run#state}, the holder of the run's lock
     * may call this method.
     */
    static boolean isFinished(Path folder) {
        return RunState.of(Json.read(folder.resolve(NAME)).path("state").asText("")) == RunState.FINISHED;
    }

    /**
     * Opens an existing file, for example that of a run on a cluster.
     *
     * @throws UserException if the file is not that of a run
     */
    public static RunFile open(Path folder) {
        Path file = folder.resolve(NAME);
        if (Json.read(file) instanceof ObjectNode json) {
            return new RunFile(file, json);
        }
        throw new UserException("%s is not the file of a run.".formatted(file));
    }

    private static ObjectNode earlier(Path file, boolean resumed) {
        if (Files.isRegularFile(file) && Json.read(file) instanceof ObjectNode json) {
            boolean waited = RunState.of(json.path("state").asText("")) == RunState.QUEUED;
            return resumed || waited ? json : Json.object();
        }
        return Json.object();
    }

    /**
     * Returns the flags that a run has computed with; empty before its first step, and for a run of an earlier version.
     */
    static Optional<ObjectNode> config(Path folder) {
        Path file = folder.resolve(NAME);
        return Files.isRegularFile(file) && Json.read(file).path("config") instanceof ObjectNode config
                ? Optional.of(config)
                : Optional.empty();
    }

    /**
     * Sets the reason for the choice of the layers, if it is known. A resumed run otherwise keeps its earlier reason.
     */
    private static void reason(ObjectNode json, @Nullable String layersReason) {
        if (layersReason != null) {
            json.put(LAYERS_REASON, layersReason);
        }
    }

    private static ObjectNode named(Path folder, ObjectNode json) {
        if (!json.has("id")) {
            json.put("id", UUID.randomUUID().toString());
            json.put("name", String.valueOf(folder.toAbsolutePath().normalize().getFileName()));
            json.put("created", Instant.now().toString());
        }
        return json;
    }

    /** Marks the run as running. */
    public void goOn() {
        write(RunState.RUNNING, null);
    }

    /**
     * Marks the run as ended.
     *
     * @param state final state
     * @param reason reason of a failure; null if there is none
     * @throws UserException if the file was deleted or moved, or cannot be written
     */
    public void end(RunState state, @Nullable String reason) {
        requireThere(file);
        json.put("ended", Provenance.now());
        write(state, reason);
    }

    /**
     * Requires that a file of the run still exists; writing it anew would create an incomplete folder.
     *
     * @throws UserException if the user deleted or moved the file, or the folder of the run
     */
    static void requireThere(Path file) {
        if (!Files.exists(file)) {
            throw new UserException(
                    "%s was deleted or moved during the training, so nothing more can be kept there; train anew, into another folder if this one is in use."
                            .formatted(file));
        }
    }

    private void write(RunState state, @Nullable String reason) {
        json.put("state", state.id());
        json.put("process", process());
        if (reason == null) {
            json.remove("reason");
        } else {
            json.put("reason", reason);
        }
        if (state == RunState.RUNNING) {
            json.remove("ended");
        }
        Json.write(file, json);
    }

    /** Returns true if this process was the last to write the file. */
    static boolean isOwn(Path folder) {
        return Json.read(folder.resolve(NAME)).path("process").asText("").equals(process());
    }

    /** Returns true if the process with a given name is still running; false for a process of another machine. */
    public static boolean alive(String process) {
        return ProcessHandle.of(pid(process))
                .map(RunFile::name)
                .filter(process::equals)
                .isPresent();
    }

    private static long pid(String process) {
        String digits = process.replaceAll("@.*", "");
        return digits.matches("\\d{1,18}") ? Long.parseLong(digits) : Long.MAX_VALUE;
    }

    private static String name(ProcessHandle process) {
        return process.pid() + "@"
                + process.info().startInstant().map(Object::toString).orElse("");
    }

    /** Returns a name of this process that no later process has. */
    public static String process() {
        return name(ProcessHandle.current());
    }
}
