package org.layerwise.analysis.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Similarity;
import org.layerwise.base.json.Json;
import org.layerwise.testing.Golden;

/** Numbers of SciPy 1.17.1 are what src/test/python/agreement_golden.py prints. */
class RankCorrelationTest {

    /** Not a number stands for no importance. */
    static LayerImportance scores(double... values) {
        List<Similarity> scores = new ArrayList<>();
        for (double value : values) {
            scores.add(Double.isNaN(value) ? new Similarity.Undefined("None.") : new Similarity.Value(value));
        }
        return LayerImportance.ofScores(scores);
    }

    private static void assertCorrelation(double[] x, double[] y, double kendall, double spearman) {
        RankCorrelation found = RankCorrelation.of(scores(x), scores(y));
        assertThat(found.kendall().orElseThrow()).isCloseTo(kendall, within(1e-14));
        assertThat(found.spearman().orElseThrow()).isCloseTo(spearman, within(1e-14));
        assertThat(found.layers()).isEqualTo(x.length);
        assertThat(found.leftOut()).isZero();
    }

    private static double[] doubles(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .toArray();
    }

    /** Of hundreds of numbers with ties; their other correlations are tested where models are measured. */
    @Test
    void equalsSciPyOnTheGoldenScores() {
        int found = 0;
        for (JsonNode expected : Json.read(Golden.folder("metrics.json"))) {
            if (expected.path("kind").asText().equals("scores")) {
                double[] labels = doubles(expected.path("labels"));
                double[] predictions = doubles(expected.path("predictions"));
                assertThat(RankCorrelation.kendall(labels, predictions).orElseThrow())
                        .isCloseTo(expected.path("kendall").asDouble(), within(1e-9));
                found++;
            }
        }
        assertThat(found).isEqualTo(2);
    }

    @Test
    void equalsSciPyWithTies() {
        assertCorrelation(
                new double[] {0.3, 0.1, 0.4, 0.1, 0.5, 0.9, 0.2, 0.6},
                new double[] {0.5, 0.2, 0.2, 0.3, 0.5, 0.8, 0.1, 0.5},
                0.5892556509887896,
                0.7224424790807195);
        assertCorrelation(
                new double[] {1, 1, 1, 2, 2, 3},
                new double[] {3, 2, 2, 1, 1, 1},
                -0.8181818181818182,
                -0.9000000000000001);
    }

    @Test
    void equalsSciPyWithoutTies() {
        assertCorrelation(
                new double[] {1, 2, 3, 4, 5, 6, 7},
                new double[] {2, 1, 4, 3, 7, 5, 6},
                0.6190476190476191,
                0.8214285714285715);
    }

    @Test
    void byHand() {
        // of six pairs one is discordant: (5 - 1) / 6; rank differences 0, 1, 1, 0: 1 - 6 * 2 / (4 * 15)
        assertCorrelation(new double[] {1, 2, 3, 4}, new double[] {1, 3, 2, 4}, 4.0 / 6, 0.8);
        assertCorrelation(new double[] {1, 2, 3}, new double[] {9, 5, 1}, -1, -1);
    }

    @Test
    void layersWithoutImportanceInEitherAreLeftOutAndCounted() {
        RankCorrelation found =
                RankCorrelation.of(scores(Double.NaN, 1, 2, 3, 4, 0), scores(9, 1, 3, 2, 4, Double.NaN));

        assertThat(found.kendall().orElseThrow()).isCloseTo(4.0 / 6, within(1e-15));
        assertThat(found.layers()).isEqualTo(4);
        assertThat(found.leftOut()).isEqualTo(2);
    }

    @Test
    void rankingsThatTieThroughoutOrAreTooShortCorrelateWithNothing() {
        RankCorrelation tied = RankCorrelation.of(scores(1, 1, 1), scores(1, 2, 3));
        RankCorrelation one = RankCorrelation.of(scores(1, Double.NaN), scores(1, 2));

        assertThat(tied.kendall()).isEqualTo(OptionalDouble.empty());
        assertThat(tied.spearman()).isEqualTo(OptionalDouble.empty());
        assertThat(one.kendall()).isEqualTo(OptionalDouble.empty());
        assertThat(one.spearman()).isEqualTo(OptionalDouble.empty());
    }

    @Test
    void similaritiesNextToNothingAreToldApart() {
        double almost = 1e-17;
        LayerImportance similarities = LayerImportance.ofSimilarities(List.of(
                new Similarity.Value(3 * almost), new Similarity.Value(almost), new Similarity.Value(2 * almost)));

        assertThat(RankCorrelation.of(similarities, scores(1, 3, 2)).kendall()).hasValue(1);
    }

    @Test
    void rankingsOfOtherLengthsAreRefused() {
        assertThatThrownBy(() -> RankCorrelation.of(scores(1, 2), scores(1, 2, 3)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
