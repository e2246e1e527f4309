package org.layerwise.study.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.file.FileLock;
import org.layerwise.base.file.Folders;
import org.layerwise.base.json.Json;
import org.layerwise.run.RunConfig;
import org.layerwise.run.RunFile;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.Configuration;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.EquivalentCommand;
import org.layerwise.settings.RemoteDestination;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.OpenModel;

/**
 * Pending analysis whose model computation runs on a cluster. It is stored as {@code asked.json} in the folder of the
 * job's ticket. If the program ends before the job is done, the next start of the program can complete the analysis.
 *
 * @param job folder that identifies the job; it is deleted when its result is fetched
 * @param model display name of the model
 * @param rows display name of the rows
 * @param configuration all settings of the analysis, always including its cluster
 */
public record PendingAnalysis(Path job, String model, String rows, Configuration configuration) {

    private static final String FILE = "asked.json";
    private static final String LOCK = "asked.lock";
    private static final int VERSION = 1;

    /**
     * Stores a pending analysis, and that this process will fetch its result.
     *
     * @param rows display name of the rows
     */
    public static void write(
            Path job,
            OpenModel model,
            String rows,
            DataSettings data,
            AnalysisSettings settings,
            RemoteDestination to) {
        Map<String, Object> flags = EquivalentCommand.analyze(model.settings(), data, settings, Path.of(""))
                .on(to)
                .flags();
        flags.remove("out");
        ObjectNode json = Json.object();
        json.put("version", VERSION);
        json.put("process", RunFile.process());
        json.put("model", model.card().name());
        json.put("rows", rows);
        json.set("config", Json.tree(RunConfig.fromEverywhere(flags)));
        Json.write(job.resolve(FILE), json);
    }

    /**
     * Returns the pending analyses whose process has ended before their results were fetched, and assigns them to this
     * process. Files of a newer version are skipped.
     *
     * @param jobs folder of the user's jobs, which {@link Workbench#folders} names
     * @param remark receives a message for each file that cannot be read; such a file is skipped
     * @throws UserException if the folder cannot be read
     */
    public static List<PendingAnalysis> left(Path jobs, Consumer<String> remark) {
        if (!Files.isDirectory(jobs)) {
            return List.of();
        }
        try {
            Optional<FileLock> turn = FileLock.tryTake(jobs.resolve(LOCK));
            if (turn.isEmpty()) {
                return List.of(); // another program takes the pending analyses
            }
            try (FileLock own = turn.get()) {
                return taken(jobs, remark);
            }
        } catch (IOException e) {
            throw new UserException("Cannot lock %s: %s.".formatted(jobs.resolve(LOCK), FileErrors.reason(e)), e);
        }
    }

    private static List<PendingAnalysis> taken(Path jobs, Consumer<String> remark) {
        List<Path> folders;
        try (Stream<Path> found = Files.list(jobs)) {
            folders = found.sorted().toList();
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(jobs, FileErrors.reason(e)), e);
        }
        List<PendingAnalysis> left = new ArrayList<>();
        for (Path job : folders) {
            try {
                leftIn(job).ifPresent(left::add);
            } catch (UserException e) {
                remark.accept(String.valueOf(e.getMessage()));
            }
        }
        return left;
    }

    private static Optional<PendingAnalysis> leftIn(Path job) {
        Path file = job.resolve(FILE);
        if (Files.isRegularFile(file)
                && Json.read(file) instanceof ObjectNode json
                && json.path("version").intValue() == VERSION
                && !RunFile.alive(json.path("process").asText(""))) {
            return Optional.of(take(job, json));
        }
        return Optional.empty();
    }

    private static PendingAnalysis take(Path job, ObjectNode json) {
        Path file = job.resolve(FILE);
        JsonNode config = json.path("config");
        Configuration configuration =
                Configuration.of(file, config instanceof ObjectNode flags ? flags.deepCopy() : Json.object());
        if (configuration.on() == null) {
            throw new UserException(
                    "%s does not name the cluster (\"on\") of its analysis; delete the file and analyze again."
                            .formatted(file));
        }
        PendingAnalysis asked = new PendingAnalysis(
                job, json.path("model").asText(""), json.path("rows").asText(""), configuration);
        json.put("process", RunFile.process());
        Json.write(file, json);
        return asked;
    }

    /** Deletes a pending analysis. The job itself is kept, and a later request for the same analysis finds it. */
    static void forget(Path job) {
        Folders.deleteFile(job.resolve(FILE));
    }
}
