package org.layerwise.study.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.UserException;
import org.layerwise.settings.BestMetric;
import org.layerwise.training.Evaluation;

class PruningTargetTest {

    private static final BestMetric ACCURACY = new BestMetric("accuracy");
    private static final BestMetric LOSS = new BestMetric(Evaluation.LOSS);

    private static final List<PruningStep> STEPS = List.of(
            step(null, Set.of(0, 1, 2), 300, 0.90, 0.30),
            step(1, Set.of(0, 2), 200, 0.85, 0.25),
            step(0, Set.of(2), 100, 0.89, 0.50));

    private static PruningStep step(
            Integer removed, Set<Integer> layers, long parameters, double accuracy, double loss) {
        return new PruningStep(
                removed, new TreeSet<>(layers), parameters, new Evaluation(loss, 10, Map.of("accuracy", accuracy)));
    }

    @Test
    void layersAndSharesAreReachedByTheFirstSmallEnoughStep() {
        assertThat(PruningTarget.of("2", null).chosen(STEPS, LOSS)).hasValue(STEPS.get(1));
        assertThat(PruningTarget.of("66%", null).chosen(STEPS, LOSS)).hasValue(STEPS.get(2));
        assertThat(PruningTarget.of("66.7 %", null).chosen(STEPS, LOSS)).hasValue(STEPS.get(1));
        assertThat(PruningTarget.of("33%", null).chosen(STEPS, LOSS)).isEmpty();
        assertThat(PruningTarget.of(null, null).chosen(STEPS, LOSS)).isEmpty();
    }

    @Test
    void theFewestParametersWithinALossAreKept() {
        assertThat(PruningTarget.of(null, 0.02).chosen(STEPS, ACCURACY)).hasValue(STEPS.get(2));
        assertThat(PruningTarget.of(null, 0.02).chosen(STEPS, LOSS)).hasValue(STEPS.get(1));
        assertThat(PruningTarget.of(null, 0.0).chosen(STEPS, ACCURACY)).hasValue(STEPS.get(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "0%", "100%", "half", "1.5", "NaN%", "%", ""})
    void otherSharesAreRefused(String keep) {
        assertThatThrownBy(() -> PruningTarget.of(keep, null))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("--keep must be a number of layers of at least 1, such as 6")
                .hasMessageContaining("such as 50%")
                .hasMessageContaining('"' + keep + '"');
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, Double.NaN, Double.POSITIVE_INFINITY})
    void otherLossesAreRefused(double within) {
        assertThatThrownBy(() -> PruningTarget.of(null, within))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("--within must be a number of at least 0");
    }

    @Test
    void evaluationsAreCountedBeforehand() {
        assertThat(PruningJob.evaluations(PruningOrder.ENERGY, 12, 1)).isEqualTo(12);
        assertThat(PruningJob.evaluations(PruningOrder.LOSS, 3, 1)).isEqualTo(1 + 3 + 2);
        assertThat(PruningJob.evaluations(PruningOrder.LOSS, 12, 6)).isEqualTo(1 + 12 + 11 + 10 + 9 + 8 + 7);
    }
}
