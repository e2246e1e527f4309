package org.layerwise.study;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Json;
import org.layerwise.lora.LoraConfig;
import org.layerwise.training.Evaluation;
import org.layerwise.training.TaskKind;

/** {@code summary.json} of a run. */
final class SummaryFile {

    static final String NAME = "summary.json";

    private SummaryFile() {}

    /** What a run was about. */
    record Subject(String model, String data, TaskKind task, int samples, int layersOfModel, LoraConfig lora) {}

    static void write(TrainingSummary summary, Subject subject, Map<String, String> versions) {
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
