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
import org.layerwise.base.FileTurn;
import org.layerwise.base.Json;
import org.layerwise.base.UserException;
import org.layerwise.base.WholeFiles;
import org.layerwise.study.AnalysisSettings;
import org.layerwise.study.Configuration;
import org.layerwise.study.DataSettings;
import org.layerwise.study.Destination;
import org.layerwise.study.OpenModel;
import org.layerwise.study.Replay;
import org.layerwise.study.RunConfig;
import org.layerwise.study.RunFile;
import org.layerwise.study.Workbench;

/**
 * An analysis that was asked for and of which a cluster computes the part that needs the model: {@code asked.json} beside the ticket
 * of the job. Whoever starts the program after the one that asked has ended can have the rest of it done.
 *
 * @param job the folder by which the job is found; it is gone when its result was fetched
 * @param model as people call it
 * @param rows as people call them
 * @param configuration all that it is made of, with its cluster
 */
public record AskedAnalysis(Path job, String model, String rows, Configuration configuration) {

    private static final String FILE = "asked.json";
    private static final String LOCK = "asked.lock";
    private static final int VERSION = 1;

    /**
     * Remembers what was asked, and that this process will fetch it.
     *
     * @param rows as people call them
     */
    public static void write(
            Path job, OpenModel model, String rows, DataSettings data, AnalysisSettings settings, Destination to) {
        Map<String, Object> flags = Replay.analyze(model.settings(), data, settings, Path.of(""))
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
     * Those whose process has ended before they were fetched; from now on, this one will. One of a newer version is left alone.
     *
     * @param jobs of the user, which {@link Workbench#folders} names
     * @param remark hears of one that cannot be read, which is left alone
     * @throws UserException if the folder cannot be read
     */
    public static List<AskedAnalysis> left(Path jobs, Consumer<String> remark) {
        if (!Files.isDirectory(jobs)) {
            return List.of();
        }
        try {
            Optional<FileTurn> turn = FileTurn.tryTake(jobs.resolve(LOCK));
            if (turn.isEmpty()) {
                return List.of(); // another program takes them
            }
            try (FileTurn own = turn.get()) {
                return taken(jobs, remark);
            }
        } catch (IOException e) {
            throw new UserException("Cannot lock %s: %s.".formatted(jobs.resolve(LOCK), WholeFiles.reason(e)), e);
        }
    }

    private static List<AskedAnalysis> taken(Path jobs, Consumer<String> remark) {
        List<Path> folders;
        try (Stream<Path> found = Files.list(jobs)) {
            folders = found.sorted().toList();
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(jobs, WholeFiles.reason(e)), e);
        }
        List<AskedAnalysis> left = new ArrayList<>();
        for (Path job : folders) {
            try {
                leftIn(job).ifPresent(left::add);
            } catch (UserException e) {
                remark.accept(String.valueOf(e.getMessage()));
            }
        }
        return left;
    }

    private static Optional<AskedAnalysis> leftIn(Path job) {
        Path file = job.resolve(FILE);
        if (Files.isRegularFile(file)
                && Json.read(file) instanceof ObjectNode json
                && json.path("version").intValue() == VERSION
                && !RunFile.alive(json.path("process").asText(""))) {
            return Optional.of(take(job, json));
        }
        return Optional.empty();
    }

    private static AskedAnalysis take(Path job, ObjectNode json) {
        Path file = job.resolve(FILE);
        JsonNode config = json.path("config");
        AskedAnalysis asked = new AskedAnalysis(
                job,
                json.path("model").asText(""),
                json.path("rows").asText(""),
                Configuration.of(file, config instanceof ObjectNode flags ? flags.deepCopy() : Json.object()));
        json.put("process", RunFile.process());
        Json.write(file, json);
        return asked;
    }

    /** Nobody is told of it again; who asks the same finds its job nevertheless. */
    static void forget(Path job) {
        try {
            Files.deleteIfExists(job.resolve(FILE));
        } catch (IOException e) {
            throw new UserException("Cannot delete %s: %s.".formatted(job.resolve(FILE), WholeFiles.reason(e)), e);
        }
    }
}
