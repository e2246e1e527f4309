package org.layerwise.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.file.Folders;
import org.layerwise.base.json.Json;
import org.layerwise.base.json.NumberReader;
import org.layerwise.lora.LoraConfig;
import org.layerwise.run.uncertainty.EvaluatedRows;
import org.layerwise.run.uncertainty.IntervalJson;
import org.layerwise.run.uncertainty.RowMetrics;
import org.layerwise.training.Evaluation;
import org.layerwise.training.TaskKind;

/** File {@code summary.json} of a run. */
public final class SummaryFile {

    static final String NAME = "summary.json";

    private static final Set<String> NO_METRICS = Set.of(Evaluation.LOSS, "samples", IntervalJson.KEY);
    private static final String ROWS_SHA256 = "evaluated_rows_sha256";

    private SummaryFile() {}

    /** Description of a run. */
    public record Subject(String model, String data, TaskKind task, int samples, int layersOfModel, LoraConfig lora) {}

    /**
     * Writes a summary into the folder of its run.
     *
     * @param rowsSha256 SHA-256 hash of the file with the results of each row; null if they are not kept
     */
    public static void write(
            TrainingSummary summary, Subject subject, @Nullable String rowsSha256, Map<String, String> versions) {
        ObjectNode json = Json.object();
        json.put("model", subject.model());
        json.put("data", subject.data());
        json.put("task", subject.task().id());
        json.put("samples", subject.samples());
        json.put("cut_rows", summary.cutRows());
        json.set("layers", Json.tree(summary.layers()));
        json.put("of", subject.layersOfModel());
        json.set("target_modules", Json.tree(List.copyOf(subject.lora().targetModules())));
        List<String> experts = subject.lora().details().targetParameters();
        if (!experts.isEmpty()) {
            json.set("target_parameters", Json.tree(experts));
        }
        json.put("r", subject.lora().rank());
        json.put("alpha", subject.lora().alpha());
        parameters(json, summary);
        json.put("steps", summary.steps());
        json.put("cancelled", summary.cancelled());
        json.put("adapter_step", summary.adapterStep());
        json.put("stopped_early", summary.stoppedEarly());
        json.put("final_loss", Double.isFinite(summary.finalLoss()) ? (Double) summary.finalLoss() : null);
        evaluations(json, summary, rowsSha256);
        json.put("seconds", summary.seconds());
        json.put("seconds_per_step", summary.secondsPerStep());
        json.put("peak_memory_bytes", summary.peakMemoryBytes() > 0 ? (Long) summary.peakMemoryBytes() : null);
        json.set("versions", Json.tree(versions));
        Json.write(summary.folder().resolve(NAME), json);
    }

    /**
     * Writes the summary of a run that was made from the adapter of another one.
     *
     * @param json content of the file of the other run, which is changed
     * @param rowsSha256 SHA-256 hash of the file with the results of each row; null if they are not kept
     */
    static void writeDerived(ObjectNode json, TrainingSummary summary, @Nullable String rowsSha256) {
        json.set("layers", Json.tree(summary.layers()));
        parameters(json, summary);
        evaluations(json, summary, rowsSha256);
        Json.write(summary.folder().resolve(NAME), json);
    }

    /**
     * Writes the results of each row beside a summary, or deletes those of an earlier evaluation.
     *
     * @param folder folder of the run
     * @param rows results of each row by the name of the evaluation in the summary; those that cannot be kept are left out
     * @return the SHA-256 hash of the file, by which the summary identifies it; null if no rows are kept
     * @throws UserException if the file cannot be written
     */
    public static @Nullable String writeRows(Path folder, Map<String, RowMetrics> rows) {
        Map<String, RowMetrics> kept = new LinkedHashMap<>(rows);
        kept.values().removeIf(one -> !EvaluatedRows.keeps(one));
        Path file = folder.resolve(EvaluatedRows.NAME);
        if (kept.isEmpty()) {
            Folders.deleteFile(file);
            return null;
        }
        EvaluatedRows.write(file, kept);
        return FileHash.sha256(file);
    }

    private static void parameters(ObjectNode json, TrainingSummary summary) {
        json.put("adapter_parameters", summary.adapterParameters());
        json.put("trainable_parameters", summary.trainableParameters());
        json.put("total_parameters", summary.totalParameters());
    }

    private static void evaluations(ObjectNode json, TrainingSummary summary, @Nullable String rowsSha256) {
        json.set("before", evaluation(summary.before()));
        json.set("after", evaluation(summary.after()));
        json.set("test", evaluation(summary.test()));
        json.put(ROWS_SHA256, rowsSha256);
    }

    /**
     * Reads a summary.
     *
     * @throws UserException if the file is missing or broken
     */
    public static TrainingSummary read(Path file) {
        JsonNode json = Json.read(file);
        if (!json.isObject()) {
            throw new UserException(
                    "%s holds no summary of a run; put back the file that train wrote.".formatted(file));
        }
        NumberReader numbers = numbers(file);
        int steps = numbers.count(json, "steps");
        return new TrainingSummary(
                Folders.parent(file),
                numbers.flag(json, "cancelled"),
                numbers.flag(json, "stopped_early"),
                steps,
                json.hasNonNull("adapter_step") ? numbers.count(json, "adapter_step") : steps,
                numbers.count(json, "cut_rows"),
                new TreeSet<>(numbers.counts(json, "layers")),
                numbers.size(json, "adapter_parameters"),
                numbers.size(json, "trainable_parameters"),
                numbers.size(json, "total_parameters"),
                stored(json.path("before"), numbers),
                stored(json.path("after"), numbers),
                stored(json.path("test"), numbers),
                numbers.number(json, "final_loss", Double.NaN),
                numbers.amount(json, "seconds"),
                numbers.amount(json, "seconds_per_step"),
                numbers.size(json, "peak_memory_bytes"));
    }

    /** Returns a reader of numbers in a file of a run. */
    static NumberReader numbers(Path file) {
        return new NumberReader(file, "Put back the file that train wrote.");
    }

    /** Returns the SHA-256 of the file with the results of each row; empty if the run keeps none. */
    static Optional<String> rowsSha256(Path file) {
        JsonNode hash = Json.read(file).path(ROWS_SHA256);
        return hash.isTextual() ? Optional.of(hash.asText()) : Optional.empty();
    }

    private static @Nullable Evaluation stored(JsonNode json, NumberReader numbers) {
        return json.isObject() ? evaluation(json, numbers) : null;
    }

    /** Returns the evaluation that a JSON object holds. */
    static Evaluation evaluation(JsonNode json, NumberReader numbers) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        json.properties().stream()
                .map(Map.Entry::getKey)
                .filter(key -> !NO_METRICS.contains(key))
                .forEach(key -> metrics.put(key, numbers.number(json, key, Double.NaN)));
        return new Evaluation(
                numbers.number(json, Evaluation.LOSS, Double.NaN),
                numbers.count(json, "samples"),
                metrics,
                IntervalJson.read(json.path(IntervalJson.KEY), numbers),
                IntervalJson.reasons(json.path(IntervalJson.KEY)));
    }

    /** Returns loss, samples and metrics of an evaluation as a JSON object; null for none. */
    static @Nullable ObjectNode evaluation(@Nullable Evaluation evaluation) {
        if (evaluation == null) {
            return null;
        }
        ObjectNode json = Json.object();
        json.put(Evaluation.LOSS, evaluation.loss());
        json.put("samples", evaluation.samples());
        evaluation.metrics().forEach(json::put);
        IntervalJson.put(json, IntervalJson.KEY, evaluation);
        return json;
    }
}
