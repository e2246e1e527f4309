package org.layerwise.study.experiment.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class HolmTest {

    /** R: {@code p.adjust(c(.01, .04, .03, .005), "holm")} gives 0.03, 0.06, 0.06, 0.02. */
    @Test
    void valuesOfR() {
        assertThat(Holm.adjusted(new double[] {0.01, 0.04, 0.03, 0.005}))
                .containsExactly(new double[] {0.03, 0.06, 0.06, 0.02}, within(1e-15));
    }

    @Test
    void testsThatWereNotMadeDoNotCount() {
        double[] adjusted = Holm.adjusted(new double[] {0.03, Double.NaN, 0.6});
        assertThat(adjusted[0]).isCloseTo(0.06, within(1e-15));
        assertThat(adjusted[1]).isNaN();
        assertThat(adjusted[2]).isCloseTo(0.6, within(1e-15));
        assertThat(Holm.adjusted(new double[] {0.7, 0.8, 0.9})).containsExactly(1, 1, 1);
        assertThat(Holm.adjusted(new double[0])).isEmpty();
    }
}
