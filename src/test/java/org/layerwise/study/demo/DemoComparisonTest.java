package org.layerwise.study.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.layerwise.analysis.uncertainty.McNemar;

class DemoComparisonTest {

    @Test
    void twoAccuraciesComeWithAPairedTest() {
        assertThat(Demo.comparison(new McNemar(18, 10)))
                .containsExactly(
                        "Of the validation rows, 18 are right only with all layers and 10 only with the selected ones.",
                        "McNemar's exact test of the two accuracies: p = 0.18. The choice of these rows alone may explain the difference.",
                        "Interval and test cover the choice of the rows, not another seed: a repeated training differs, too.");
        assertThat(Demo.comparison(new McNemar(30, 4)).get(1)).contains("They differ by more than");
    }
}
