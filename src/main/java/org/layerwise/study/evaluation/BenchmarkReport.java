package org.layerwise.study.evaluation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.layerwise.base.json.Json;
import org.layerwise.generation.answer.CorrectShare;

/** Formats the result of a benchmark as JSON. */
public final class BenchmarkReport {

    private BenchmarkReport() {}

    /** Returns the accuracy with Wilson's 95 % interval and counts; for code, only counts. */
    public static ObjectNode json(BenchmarkResult result) {
        ObjectNode json = Json.object();
        json.put("benchmark", result.benchmark().id());
        if (result instanceof BenchmarkResult.Compared compared) {
            json.put("accuracy", compared.correct().value());
            json.put("accuracy_low", compared.correct().low());
            json.put("accuracy_high", compared.correct().high());
            json.put("samples", compared.samples());
            json.put("correct", compared.correct().count());
            json.put("unanswered", compared.unanswered());
            json.put("at_limit", compared.atLimit());
            ObjectNode found = json.putObject("found_by");
            compared.found().forEach((by, share) -> found.set(by.id(), counts(share)));
            if (!compared.groups().isEmpty()) {
                ObjectNode groups = json.putObject("groups");
                compared.groups().forEach((name, share) -> {
                    ObjectNode group = counts(share);
                    group.put("accuracy", share.value());
                    groups.set(name, group);
                });
            }
        } else if (result instanceof BenchmarkResult.Written written) {
            json.put("samples", written.samples());
            json.put("without_code", written.withoutCode());
            json.put("at_limit", written.atLimit());
        }
        return json;
    }

    private static ObjectNode counts(CorrectShare share) {
        ObjectNode counts = Json.object();
        counts.put("samples", share.of());
        counts.put("correct", share.count());
        return counts;
    }
}
