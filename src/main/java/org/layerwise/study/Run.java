package org.layerwise.study;

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
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Json;
import org.layerwise.base.NumberReader;
import org.layerwise.base.UserException;
import org.layerwise.base.WholeFiles;
import org.layerwise.remote.JobTicket;
import org.layerwise.study.uncertainty.EvaluatedRows;
import org.layerwise.study.uncertainty.RowMetrics;
import org.layerwise.training.Evaluation;

/**
 * A run in its folder, as it was when it was opened.
 *
 * @param name what people call it
 * @param state a run whose process is gone is {@link RunState#INTERRUPTED}, whatever its file says
 * @param reason why it failed; null if it did not
 * @param created when it first began, as in ISO 8601; empty if it is not known
 * @param model as people call it
 * @param layers with adapters, 0-based
 * @param layersReason why these, in words that follow "They were chosen"; null where nobody said
 * @param of M, the model's number of layers
 * @param totalSteps how many it takes in all
 * @param config its flags, as text
 * @param environment what it was computed with, by name
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

    public Run {
        layers = Collections.unmodifiableSortedSet(new TreeSet<>(layers));
        config = Collections.unmodifiableMap(new LinkedHashMap<>(config));
        environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    }

    /** Whether a file or folder of that name is one of a run. */
    public static boolean writes(String name) {
        return RunFiles.WRITTEN.contains(name);
    }

    /** Whether a folder holds a run. */
    public static boolean isRun(Path folder) {
        return Files.isRegularFile(folder.resolve(RunFile.NAME));
    }

    /** Whether the run of a folder was sent to a cluster. */
    public static boolean isRemote(Path folder) {
        return JobTicket.isIn(folder);
    }

    /**
     * Opens a run.
     *
     * @throws UserException if the folder holds none, or its file is broken
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
        try {
            return Json.read(file);
        } catch (UserException e) {
            throw new UserException(
                    String.valueOf(e.getMessage()).replaceAll("\\.$", "")
                            + "; delete it, and go on with --resume and all flags that the run began with.",
                    e);
        }
    }

    private static RunState state(Path folder, JsonNode json) {
        RunState state = RunState.of(json.path("state").asText(""));
        String process = json.path("process").asText("");
        boolean gone =
                switch (state) {
                    case QUEUED -> !RunFile.alive(process);
                    // a run elsewhere needs no process here
                    case RUNNING ->
                        !isRemote(folder) // asked first: whoever has the lock of such a run may be this process
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

    /** The cluster that it is on, by its name; empty if it is done here. */
    public Optional<String> place() {
        return isRemote(folder) ? Optional.of(JobTicket.read(folder).target()) : Optional.empty();
    }

    /** Whether it may go on from its last checkpoint; not if that was deleted on its cluster. */
    public boolean resumable() {
        return state.resumable() && !(isRemote(folder) && JobTicket.read(folder).deleted());
    }

    /** Its folder with the adapter; there is none before it has ended. */
    public Path adapter() {
        return folder.resolve(RunFiles.ADAPTER);
    }

    /** Whether there is a checkpoint to go on from. */
    public boolean hasCheckpoint() {
        return new RunCheckpoints(folder).lastFolder().isPresent();
    }

    /**
     * Its settings, to open its model and data again.
     *
     * @throws UserException if {@code config.yaml} is missing or broken
     */
    public Configuration configuration() {
        return Configuration.read(folder.resolve(RunConfig.NAME));
    }

    /** What happened in it so far. */
    public RunHistory history() {
        return RunHistory.read(folder.resolve(MetricsLog.NAME), totalSteps);
    }

    /** What came of it; empty before it has ended. */
    public Optional<TrainingSummary> summary() {
        Path file = folder.resolve(SummaryFile.NAME);
        return Files.isRegularFile(file) ? Optional.of(SummaryFile.read(file)) : Optional.empty();
    }

    /** The hashes of what it was made from. */
    public RunIdentity identity() {
        return RunIdentity.of(tree(folder.resolve(RunFile.NAME)).path("identity"));
    }

    /**
     * The results of each row of the evaluations in its summary, by the name of the rows; empty if it keeps none, as one of an earlier
     * version or of a cluster.
     *
     * @throws UserException if the file is missing, was changed, or is of another evaluation
     */
    public Map<String, RowMetrics> evaluatedRows() {
        Optional<TrainingSummary> summary = summary();
        Optional<String> written = summary.flatMap(found -> SummaryFile.rowsSha256(folder.resolve(SummaryFile.NAME)));
        if (written.isEmpty()) {
            return Map.of();
        }
        Path file = folder.resolve(EvaluatedRows.NAME);
        WholeFiles.requireFile(file);
        if (!FileHash.sha256(file).equals(written.get())) {
            throw new UserException(
                    "%s is not the file that the training wrote with %s, so its rows are not compared; put it back, or train again."
                            .formatted(file, SummaryFile.NAME));
        }
        return EvaluatedRows.read(file, summary.get().results());
    }

    /** The evaluation on validation rows that speaks for it: of the adapter that it kept, or the last one. */
    public Optional<Evaluation> validation() {
        return summary().map(TrainingSummary::after).or(() -> history().evaluations().stream()
                .filter(found -> found.prefix().equals("eval"))
                .reduce((one, later) -> later)
                .map(RunHistory.Evaluated::evaluation));
    }

    /**
     * Deletes what {@link RunStore#queue} wrote, and the folder unless somebody has put something into it. Leaves a run as it is that
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
            throw new UserException("Cannot write into %s: %s.".formatted(folder, WholeFiles.reason(e)), e);
        }
        WholeFiles.deleteIfEmpty(folder);
    }
}
