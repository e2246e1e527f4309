package org.layerwise.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.file.Folders;
import org.layerwise.base.file.WritablePaths;
import org.layerwise.base.json.Json;
import org.layerwise.base.json.NumberReader;
import org.layerwise.remote.JobTicket;
import org.layerwise.run.uncertainty.EvaluatedRows;
import org.layerwise.run.uncertainty.RowMetrics;
import org.layerwise.settings.Configuration;
import org.layerwise.settings.TrainingSettings;

/**
 * Run in its folder, as it was when it was read.
 *
 * @param folder folder of the run
 * @param name display name
 * @param state state of the run; {@link RunState#INTERRUPTED} if its process has ended, whatever its file says
 * @param reason reason of a failure; null if the run did not fail
 * @param created time of the first start in ISO 8601; empty if unknown
 * @param model display name of the model
 * @param layers 0-based layers with adapters
 * @param layersReason reason for the choice of the layers, in words that follow "They were chosen"; null if no reason
 *     is known
 * @param of M, the model's number of layers
 * @param totalSteps total number of steps
 * @param config flags of the run, as text
 * @param environment hardware and software of the computation, by name
 */
public record Run(
        Path folder,
        String id,
        String name,
        RunState state,
        @Nullable String reason,
        String created,
        String model,
        String data,
        String task,
        SortedSet<Integer> layers,
        @Nullable String layersReason,
        int of,
        int totalSteps,
        Map<String, String> config,
        Map<String, String> environment) {

    /** Key of the data type of the computation in {@link #environment}. */
    public static final String DTYPE = "dtype";

    private static final String EVALUATION = "eval";
    private static final String WAY_OUT = "; delete it, and go on with --resume and all flags that the run began with.";

    public Run {
        layers = Collections.unmodifiableSortedSet(new TreeSet<>(layers));
        config = Collections.unmodifiableMap(new LinkedHashMap<>(config));
        environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    }

    /** Returns true if a run can have a file or folder with this name. */
    public static boolean writes(String name) {
        return RunFileNames.WRITTEN.contains(name);
    }

    /** Returns true if a folder holds a run. */
    public static boolean isRun(Path folder) {
        return Files.isRegularFile(folder.resolve(RunFile.NAME));
    }

    /** Returns true if the run in a folder was sent to a cluster. */
    public static boolean isRemote(Path folder) {
        return JobTicket.isIn(folder);
    }

    /**
     * Reads a run.
     *
     * @throws UserException if the folder holds no run, or its file is broken
     */
    public static Run open(Path folder) {
        if (!isRun(folder)) {
            throw new UserException(
                    "There is no run in %s (no %s); name the folder that train wrote.".formatted(folder, RunFile.NAME));
        }
        JsonNode json = tree(folder.resolve(RunFile.NAME));
        NumberReader numbers = SummaryFile.numbers(folder.resolve(RunFile.NAME));
        return new Run(
                folder,
                json.path("id").asText(""),
                json.path("name").asText(String.valueOf(folder.getFileName())),
                state(folder, json),
                json.hasNonNull("reason") ? json.path("reason").asText() : null,
                json.path("created").asText(""),
                json.path("model").asText(""),
                json.path("data").asText(""),
                json.path("task").asText(""),
                new TreeSet<>(numbers.counts(json, "layers")),
                json.hasNonNull(RunFile.LAYERS_REASON)
                        ? json.path(RunFile.LAYERS_REASON).asText()
                        : null,
                numbers.count(json, "of"),
                numbers.count(json, "total_steps"),
                texts(json.path("config")),
                texts(json.path("environment")));
    }

    private static JsonNode tree(Path file) {
        JsonNode json;
        try {
            json = Json.read(file);
        } catch (UserException e) {
            String fault = String.valueOf(e.getMessage()).replaceAll("(;[^;]*\\?|\\.)$", ""); // without its way out
            throw new UserException(fault + WAY_OUT, e);
        }
        if (!json.isObject()) {
            throw new UserException(file + " holds no run" + WAY_OUT);
        }
        return json;
    }

    private static RunState state(Path folder, JsonNode json) {
        RunState state = RunState.of(json.path("state").asText(""));
        String process = json.path("process").asText("");
        boolean gone =
                switch (state) {
                    case QUEUED -> !RunFile.alive(process);
                    // a run on a cluster needs no process on this computer
                    case RUNNING ->
                        !isRemote(folder) // checked first, since this process itself may hold the lock of such a run
                                && !process.equals(RunFile.process())
                                && !RunLock.held(folder);
                    default -> false;
                };
        return gone ? RunState.INTERRUPTED : state;
    }

    private static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new LinkedHashMap<>();
        object.properties()
                .forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
        return texts;
    }

    /** Returns the name of the cluster that the run is on; empty if it is on this computer. */
    public Optional<String> place() {
        return isRemote(folder) ? Optional.of(JobTicket.read(folder).target()) : Optional.empty();
    }

    /**
     * Returns the name of the data type that the run has computed in, for example {@code bfloat16}; empty before its
     * first step, and for a run on a cluster.
     */
    public Optional<String> dtype() {
        return environment.containsKey("remote") ? Optional.empty() : Optional.ofNullable(environment.get(DTYPE));
    }

    /** Returns true if the run can be resumed from its last checkpoint; false if that was deleted on the cluster. */
    public boolean resumable() {
        return state.resumable() && !(isRemote(folder) && JobTicket.read(folder).deleted());
    }

    /** Returns the folder of the adapter, which does not exist before the run has ended. */
    public Path adapter() {
        return folder.resolve(RunFileNames.ADAPTER);
    }

    /** Returns true if there is a checkpoint to resume from. */
    public boolean hasCheckpoint() {
        return new RunCheckpoints(folder).lastFolder().isPresent();
    }

    /**
     * Reads the settings of the run, to open its model and data again.
     *
     * @throws UserException if {@code config.yaml} is missing or broken
     */
    public Configuration configuration() {
        return Configuration.read(folder.resolve(RunConfig.NAME));
    }

    /**
     * Returns the settings of the run's training, with the reason for its layers, which {@code config.yaml} lacks.
     *
     * @param began result of {@link #configuration()}
     * @param modelLayers number of layers of the model, M
     * @throws UserException if the configuration does not fit the model
     */
    public TrainingSettings training(Configuration began, int modelLayers) {
        return began.training().withLayers(began.layers(modelLayers), layersReason);
    }

    /** Reads the history of the run so far. */
    public RunHistory history() {
        return history(Progress.none());
    }

    /**
     * Reads the history of the run so far.
     *
     * @throws CancelledException if cancelled
     */
    public RunHistory history(Progress progress) {
        return RunHistory.read(folder.resolve(MetricsLog.NAME), totalSteps, progress);
    }

    /** Reads the summary of the run; empty before the run has ended. */
    public Optional<TrainingSummary> summary() {
        Path file = folder.resolve(SummaryFile.NAME);
        return Files.isRegularFile(file) ? Optional.of(SummaryFile.read(file)) : Optional.empty();
    }

    /** Reads the hashes of the run's inputs. */
    public RunIdentity identity() {
        return RunIdentity.of(tree(folder.resolve(RunFile.NAME)).path("identity"));
    }

    /**
     * Reads the results of each row for the evaluations in the summary, by the name of the rows; empty for a run
     * without such results, for example a run of an earlier version or on a cluster.
     *
     * @throws UserException if the file is missing, was changed, or belongs to another evaluation
     */
    public Map<String, RowMetrics> evaluatedRows() {
        Optional<TrainingSummary> summary = summary();
        Optional<String> written = summary.flatMap(found -> SummaryFile.rowsSha256(folder.resolve(SummaryFile.NAME)));
        if (written.isEmpty()) {
            return Map.of();
        }
        Path file = folder.resolve(EvaluatedRows.NAME);
        WritablePaths.requireReadableFile(file);
        if (!FileHash.sha256(file).equals(written.get())) {
            throw new UserException(
                    "%s is not the file that the training wrote with %s, so its rows are not compared; put it back, or train again."
                            .formatted(file, SummaryFile.NAME));
        }
        return EvaluatedRows.read(file, summary.get().results());
    }

    /**
     * Returns the evaluation on validation rows that represents the run: that of the adapter that was kept, or the last
     * one.
     */
    public Optional<RunHistory.Evaluated> validation() {
        return validation(this::history);
    }

    /** Returns the same as {@link #validation()}, from a history that may have been read already. */
    Optional<RunHistory.Evaluated> validation(Supplier<RunHistory> history) {
        Optional<TrainingSummary> summary = summary();
        return summary.map(TrainingSummary::after)
                .map(after -> new RunHistory.Evaluated(summary.get().adapterStep(), EVALUATION, after))
                .or(() -> history.get().evaluations().stream()
                        .filter(found -> found.prefix().equals(EVALUATION))
                        .reduce((one, later) -> later));
    }

    /**
     * Deletes the files that {@link RunStore#queue} wrote, and the folder if it is then empty. Does nothing if the run
     * is not queued.
     *
     * @throws UserException if a file cannot be deleted
     */
    public void deleteQueued() {
        if (open(folder).state() != RunState.QUEUED) {
            return;
        }
        try {
            for (String name : List.of(RunConfig.NAME, RunLock.FILE, RunFile.NAME)) {
                Files.deleteIfExists(folder.resolve(name));
            }
        } catch (IOException e) {
            throw new UserException("Cannot write into %s: %s.".formatted(folder, FileErrors.reason(e)), e);
        }
        Folders.deleteIfEmpty(folder);
    }
}
