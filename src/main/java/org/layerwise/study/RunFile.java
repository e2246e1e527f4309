package org.layerwise.study;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Json;
import org.layerwise.base.UserException;

/**
 * {@code run.json} of a run: what it is, what it is made from and with, and how far it is. It is written whole at every change,
 * so that a process that dies leaves the last one.
 */
public final class RunFile {

    static final String NAME = "run.json";
    static final String LAYERS_REASON = "layers_reason";

    private final Path file;
    private final ObjectNode json;

    private RunFile(Path file, ObjectNode json) {
        this.file = file;
        this.json = json;
    }

    /**
     * What a run is about.
     *
     * @param model as people call it
     * @param layers with adapters, of so many
     * @param layersReason why these, in words that follow "They were chosen"; null where nobody said
     * @param config its flags, as {@code config.yaml} has them
     * @param environment what computes it, by name
     * @param totalSteps how many it will take
     */
    record Subject(
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

    /** A run that waits for its turn, of which little is known yet. */
    static void queue(Path folder, String model, String data, @Nullable String layersReason) {
        ObjectNode json = named(folder, Json.object());
        reason(json, layersReason);
        json.put("model", model);
        json.put("data", data);
        new RunFile(folder.resolve(NAME), json).write(RunState.QUEUED, null);
    }

    /** A run that begins, or goes on, or has waited for its turn. */
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

    /** Returns true if it says that the run has come to its end. Unlike {@link Run#state} it may be asked by whoever has the lock. */
    static boolean isFinished(Path folder) {
        return RunState.of(Json.read(folder.resolve(NAME)).path("state").asText("")) == RunState.FINISHED;
    }

    /** The one that is there, such as of a run that is elsewhere. */
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

    /** Returns the flags that a run has computed with; empty before its first step, and of an earlier version's. */
    static Optional<ObjectNode> config(Path folder) {
        Path file = folder.resolve(NAME);
        return Files.isRegularFile(file) && Json.read(file).path("config") instanceof ObjectNode config
                ? Optional.of(config)
                : Optional.empty();
    }

    /** A run that goes on keeps the reason that it began with, and its layers. */
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

    /** It goes on. */
    public void goOn() {
        write(RunState.RUNNING, null);
    }

    /** It has come to an end. */
    public void end(RunState state, @Nullable String reason) {
        json.put("ended", Provenance.now());
        write(state, reason);
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

    /** Whether the process of that name is still there; one of another machine is not. */
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

    /** Names this process so that no later one has the same name. */
    public static String process() {
        return name(ProcessHandle.current());
    }
}
