package org.layerwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.layerwise.base.json.Json;
import org.layerwise.testing.Golden;

/** Against scikit-learn and SciPy. */
class MetricsTest {

    static Iterable<JsonNode> cases() {
        return Json.read(Golden.folder("metrics.json"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void equalScikitLearn(JsonNode expected) {
        JsonNode labels = expected.path("labels");
        JsonNode predictions = expected.path("predictions");
        if (expected.path("kind").asText().equals("classes")) {
            int[] wanted = ints(labels);
            int[] given = ints(predictions);
            boolean binary = IntStream.concat(IntStream.of(wanted), IntStream.of(given))
                            .max()
                            .orElseThrow()
                    <= 1;
            assertClose(Metrics.accuracy(wanted, given), expected.path("accuracy"));
            assertClose(Metrics.matthews(wanted, given), expected.path("matthews"));
            assertClose(binary ? Metrics.binaryF1(wanted, given) : Metrics.macroF1(wanted, given), expected.path("f1"));
        } else {
            assertClose(Metrics.pearson(doubles(labels), doubles(predictions)), expected.path("pearson"));
            assertClose(Metrics.spearman(doubles(labels), doubles(predictions)), expected.path("spearman"));
        }
    }

    private static void assertClose(double actual, JsonNode expected) {
        assertThat(expected.isNumber()).isTrue();
        assertThat(actual).isCloseTo(expected.asDouble(), within(1e-9));
    }

    private static int[] ints(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }

    private static double[] doubles(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .toArray();
    }

    @Test
    void perfectPredictionsScoreOneAndNeverMore() {
        int[] classes = {0, 4, 5, 6};
        assertThat(Metrics.matthews(classes, classes)).isEqualTo(1);
        double[] scores = {0.1, 0.7, 0.30000000000000004};
        assertThat(Metrics.pearson(scores, scores)).isCloseTo(1, within(1e-15)).isLessThanOrEqualTo(1);
        assertThat(Metrics.spearman(scores, scores)).isCloseTo(1, within(1e-15)).isLessThanOrEqualTo(1);
    }
}
