package org.layerwise.analysis.similarity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.layerwise.analysis.SimilarityMeasure;
import org.layerwise.base.Progress;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.TensorEngine;

/** Independent data of fewer examples than features: the plain estimator is far from 0, the unbiased ones are 0 on average. */
class UnrelatedDataTest {

    private static final int DRAWS = 400;

    private final TensorEngine engine = Engines.shared();
    private final Random random = new Random(23);

    private double[] draws(SimilarityMeasure measure) {
        double[] values = new double[DRAWS];
        for (int i = 0; i < DRAWS; i++) {
            values[i] = measure.allPairs(
                            Layers.of(Layers.normal(random, 16, 32), Layers.normal(random, 16, 24)),
                            Engines.device(),
                            Progress.none(),
                            partial -> {})
                    .value(0, 1)
                    .orElseThrow();
        }
        return values;
    }

    @Test
    void unbiasedEstimatorsAreZeroOnAverage() {
        for (SimilarityMeasure measure :
                new SimilarityMeasure[] {new DebiasedCka(engine), new MinibatchCka(engine, 8)}) {
            double[] values = draws(measure);
            double mean = Doubles.sum(values) / DRAWS;
            double deviation = Doubles.norm(values) / Math.sqrt(DRAWS);
            assertThat(mean).isCloseTo(0, within(3 * deviation / Math.sqrt(DRAWS)));
            assertThat(Arrays.stream(values).min().orElseThrow()).isNegative();
        }
    }

    @Test
    void thePlainOneIsNot() {
        assertThat(Doubles.sum(draws(new LinearCka(engine))) / DRAWS).isGreaterThan(0.5);
    }
}
