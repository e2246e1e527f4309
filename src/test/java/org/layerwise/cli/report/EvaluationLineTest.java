package org.layerwise.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.layerwise.base.json.Json;
import org.layerwise.training.Evaluation;

class EvaluationLineTest {

    @Test
    void isOneLineOfJsonInOrder() {
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("accuracy", 0.75);
        metrics.put("matthews", Double.NaN);

        assertThat(Json.line(EvaluationLine.tree(new Evaluation(0.5, 8, metrics))))
                .isEqualTo("{\"loss\":0.5,\"samples\":8,\"accuracy\":0.75,\"matthews\":null}");
    }

    @Test
    void speaksToPeople() {
        assertThat(EvaluationLine.words(new Evaluation(0.51234, 8, Map.of("accuracy", 0.75))))
                .isEqualTo("loss 0.5123, accuracy 0.7500 (95 % 0.4093 to 0.9285) (8 samples)");
    }

    @Test
    void saysWhyAMetricHasNoInterval() {
        Evaluation few = new Evaluation(
                0.5, 8, Map.of("f1", 0.75), Map.of(), Map.of("loss", "fewer than 16 rows", "f1", "undefined"));
        assertThat(EvaluationLine.words(few))
                .isEqualTo(
                        "loss 0.5000 (no interval: fewer than 16 rows), f1 0.7500 (no interval: undefined) (8 samples)");
    }
}
