package org.layerwise.study;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Json;
import org.layerwise.lora.LoraConfig;
import org.layerwise.training.Evaluation;
import org.layerwise.training.TaskKind;

/** {@code summary.json} of a run. */
public final class SummaryFile {

    static final String NAME = "summary.json";

    private SummaryFile() {}

    /** What a run was about. */
    public record Subject(String model, String data, TaskKind task, int samples, int layersOfModel, LoraConfig lora) {}

    /**
     * How it came to its end.
     *
     * @param adapterStep after which the adapter was that is kept
     * @param stoppedEarly whether nothing became better for long enough
     */
    public record Ending(int adapterStep, boolean stoppedEarly) {}

    public static void write(TrainingSummary summary, Subject subject, Ending ending, Map<String, String> versions) {
        ObjectNode json = Json.object();
        json.put("model", subject.model());
        json.put("data", subject.data());
        json.put("task", subject.task().id());
        json.put("samples", subject.samples());
        json.put("cut_rows", summary.cutRows());
        json.set("layers", Json.tree(summary.layers()));
        json.put("of", subject.layersOfModel());
        json.set("target_modules", Json.tree(List.copyOf(subject.lora().targetModules())));
        json.put("r", subject.lora().rank());
        json.put("alpha", subject.lora().alpha());
        json.put("adapter_parameters", summary.adapterParameters());
        json.put("trainable_parameters", summary.trainableParameters());
        json.put("total_parameters", summary.totalParameters());
        json.put("steps", summary.steps());
        json.put("cancelled", summary.cancelled());
        json.put("adapter_step", ending.adapterStep());
        json.put("stopped_early", ending.stoppedEarly());
        if (Double.isFinite(summary.finalLoss())) {
            json.put("final_loss", summary.finalLoss());
        } else {
            json.putNull("final_loss");
        }
        json.set("before", evaluation(summary.before()));
        json.set("after", evaluation(summary.after()));
        json.set("test", evaluation(summary.test()));
        json.put("seconds", summary.seconds());
        json.put("seconds_per_step", summary.secondsPerStep());
        if (summary.peakMemoryBytes() > 0) {
            json.put("peak_memory_bytes", summary.peakMemoryBytes());
        } else {
            json.putNull("peak_memory_bytes");
        }
        json.set("versions", Json.tree(versions));
        Json.write(summary.folder().resolve(NAME), json);
    }

    /**
     * Reads a summary.
     *
     * @throws org.layerwise.base.UserException if the file is missing or broken
     */
    public static TrainingSummary read(Path file) {
        JsonNode json = Json.read(file);
        SortedSet<Integer> layers = new TreeSet<>();
        json.path("layers").forEach(layer -> layers.add(layer.asInt()));
        return new TrainingSummary(
                file.toAbsolutePath().getParent(),
                json.path("cancelled").asBoolean(),
                json.path("steps").asInt(),
                json.path("cut_rows").asInt(),
                layers,
                json.path("adapter_parameters").asLong(),
                json.path("trainable_parameters").asLong(),
                json.path("total_parameters").asLong(),
                stored(json.path("before")),
                stored(json.path("after")),
                stored(json.path("test")),
                json.path("final_loss").asDouble(Double.NaN),
                json.path("seconds").asDouble(),
                json.path("seconds_per_step").asDouble(),
                json.path("peak_memory_bytes").asLong());
    }

    private static @Nullable Evaluation stored(JsonNode json) {
        return json.isObject() ? evaluation(json) : null;
    }

    /** The evaluation that such an object holds. */
    static Evaluation evaluation(JsonNode json) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        json.properties().forEach(entry -> {
            if (!entry.getKey().equals("loss") && !entry.getKey().equals("samples")) {
                metrics.put(entry.getKey(), entry.getValue().asDouble(Double.NaN));
            }
        });
        return new Evaluation(
                json.path("loss").asDouble(Double.NaN), json.path("samples").asInt(), metrics);
    }

    /** Loss, samples and metrics of an evaluation as one object; null for none. */
    static @Nullable ObjectNode evaluation(@Nullable Evaluation evaluation) {
        if (evaluation == null) {
            return null;
        }
        ObjectNode json = Json.object();
        json.put("loss", evaluation.loss());
        json.put("samples", evaluation.samples());
        evaluation.metrics().forEach(json::put);
        return json;
    }
}
