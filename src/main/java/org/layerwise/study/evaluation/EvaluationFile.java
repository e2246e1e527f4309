package org.layerwise.study.evaluation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.json.Json;
import org.layerwise.training.ConfusionMatrix;
import org.layerwise.training.TaskKind;

/** Writer of the result of an evaluation as a JSON file. */
final class EvaluationFile {

    private EvaluationFile() {}

    static void write(Path file, EvaluationJob.Result result) {
        ObjectNode json = tree(result.measured());
        EvaluationJob.@Nullable Measured mismatched = result.mismatched();
        if (mismatched != null) {
            json.set("mismatched", tree(mismatched));
        }
        if (!result.remarks().isEmpty()) {
            json.set("remarks", Json.tree(result.remarks()));
        }
        Json.write(file, json);
    }

    private static ObjectNode tree(EvaluationJob.Measured measured) {
        ObjectNode json = Json.object();
        put(json, "loss", measured.evaluation().loss());
        json.put("samples", measured.evaluation().samples());
        measured.evaluation().metrics().forEach((name, value) -> put(json, name, value));
        measured.intervals().put(json);
        json.put("data", measured.data());
        json.put("task", measured.task().id());
        json.set("task_metrics", Json.tree(measured.taskMetrics()));
        EvaluationDetails details = measured.details();
        ConfusionMatrix confusion = details.confusion();
        if (confusion != null) {
            ArrayNode classes = json.putArray("classes");
            ArrayNode counts = json.putArray("confusion");
            for (int k = 0; k < confusion.classes(); k++) {
                ObjectNode one = classes.addObject();
                one.put("name", details.classNames().get(k));
                one.put("support", confusion.support(k));
                one.put("predicted", confusion.predicted(k));
                one.put("precision", confusion.precision(k));
                one.put("recall", confusion.recall(k));
                one.put("f1", confusion.f1(k));
                ArrayNode row = counts.addArray();
                for (int other = 0; other < confusion.classes(); other++) {
                    row.add(confusion.count(k, other));
                }
            }
        }
        ArrayNode worst = json.putArray("worst");
        for (EvaluationDetails.WorstRow row : details.worst()) {
            ObjectNode one = worst.addObject();
            one.put("place", row.place());
            one.put("row", row.row());
            one.put("text", row.text());
            if (measured.task() != TaskKind.CAUSAL_LM) {
                one.put("label", row.label());
                one.put("predicted", row.predicted());
            }
            put(one, measured.task() == TaskKind.REGRESSION ? "absolute_error" : "loss", row.error());
        }
        return json;
    }

    /** Writes a number, or null if the number is not finite, since JSON cannot represent such a number. */
    private static void put(ObjectNode json, String name, double value) {
        json.put(name, Double.isFinite(value) ? (Double) value : null);
    }
}
