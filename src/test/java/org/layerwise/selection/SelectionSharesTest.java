package org.layerwise.selection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.analysis.uncertainty.Resamples;

class SelectionSharesTest {

    /** Importances undefined, 0.8, 0.5, 0.4. */
    private static final LayerImportance FOUR = LayerImportance.ofSimilarities(List.of(
            new Similarity.Undefined("constant"),
            new Similarity.Value(0.2),
            new Similarity.Value(0.5),
            new Similarity.Value(0.6)));

    /** Four resamples: layer 1 leads in three, layer 2 in one; layer 3 is undefined in the last. */
    private static final Resamples DRAWN = new Resamples(FOUR, new double[][] {
        {Double.NaN, Double.NaN, Double.NaN, Double.NaN},
        {0.8, 0.9, 0.3, 0.7},
        {0.5, 0.4, 0.6, 0.2},
        {0.4, 0.5, 0.5, Double.NaN}
    });

    @Test
    void everyResampleSelectsByTheRule() {
        assertThat(shares(new SelectionRule.TopRatio(0.25), LayerLocks.none(), UndefinedLayers.EXCLUDE))
                .containsExactly(0.0, 0.75, 0.25, 0.0);
        assertThat(shares(new SelectionRule.TopRatio(0.5), LayerLocks.none(), UndefinedLayers.EXCLUDE))
                .containsExactly(0.0, 0.75, 0.75, 0.5);
        assertThat(shares(new SelectionRule.TopN(1), LayerLocks.none(), UndefinedLayers.INCLUDE))
                .containsExactly(1.0, 0.0, 0.0, 0.0);
        assertThat(shares(new SelectionRule.Threshold(0.5), LayerLocks.none(), UndefinedLayers.EXCLUDE))
                .containsExactly(0.0, 0.75, 0.5, 0.5);
    }

    @Test
    void locksHoldInEveryResample() {
        LayerLocks locks = LayerLocks.of(List.of(3), List.of(1));

        assertThat(shares(new SelectionRule.TopRatio(0.5), locks, UndefinedLayers.EXCLUDE))
                .containsExactly(0.0, 0.0, 1.0, 1.0);
    }

    @Test
    void theWordsSayTheRuleAndThatThereAreLocks() {
        SelectionRule rule = new SelectionRule.TopRatio(0.5);

        assertThat(of(rule, LayerLocks.none(), UndefinedLayers.EXCLUDE).words()).isEqualTo("ratio 0.5");
        assertThat(of(rule, LayerLocks.of(List.of(3), List.of()), UndefinedLayers.EXCLUDE)
                        .words())
                .isEqualTo("ratio 0.5 and locks");
    }

    private static List<Double> shares(SelectionRule rule, LayerLocks locks, UndefinedLayers undefined) {
        return of(rule, locks, undefined).shares();
    }

    private static SelectionShares of(SelectionRule rule, LayerLocks locks, UndefinedLayers undefined) {
        return SelectionShares.of(
                DRAWN, LayerSelector.select(FOUR, rule, locks, undefined).reason());
    }
}
