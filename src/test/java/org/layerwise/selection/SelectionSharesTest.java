package org.layerwise.selection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
    private static final Resamples DRAWN = new Resamples(
            FOUR,
            new double[][] {
                {Double.NaN, Double.NaN, Double.NaN, Double.NaN},
                {0.8, 0.9, 0.3, 0.7},
                {0.5, 0.4, 0.6, 0.2},
                {0.4, 0.5, 0.5, Double.NaN}
            },
            4);

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

    /** Every rule selects from a resample the layers that it selects from an importance. */
    @Test
    void theSharesAreThoseOfTheSelector() {
        Random random = new Random(5);
        double[][] drawn = random.doubles(6 * 40)
                .boxed()
                .collect(Collectors.collectingAndThen(Collectors.toList(), all -> IntStream.range(0, 6)
                        .mapToObj(layer -> all.subList(40 * layer, 40 * layer + 40).stream()
                                .mapToDouble(value -> Math.round(10 * value) / 10.0)
                                .toArray())
                        .toArray(double[][]::new)));
        LayerImportance six = importance(drawn, 0);
        Resamples resamples = new Resamples(six, drawn, 40);
        for (SelectionRule rule : List.of(
                new SelectionRule.TopRatio(0.5),
                new SelectionRule.TopN(1),
                new SelectionRule.TopN(9),
                new SelectionRule.Threshold(0.5),
                new SelectionRule.OfKind(LayerKind.MIXTURE, new TreeSet<>(List.of(0, 1))),
                SelectionRule.ByHand.of(List.of(1, 3)))) {
            for (LayerLocks locks : List.of(
                    LayerLocks.none(),
                    LayerLocks.of(List.of(4), List.of(1)),
                    LayerLocks.of(List.of(2, 3), List.of()))) {
                for (UndefinedLayers undefined : UndefinedLayers.values()) {
                    LayerSelection.Reason reason =
                            LayerSelector.select(six, rule, locks, undefined).reason();
                    List<Double> expected = IntStream.range(0, 6)
                            .mapToObj(layer -> IntStream.range(0, 40)
                                            .filter(i -> LayerSelector.select(
                                                            importance(drawn, i), rule, locks, undefined)
                                                    .contains(layer))
                                            .count()
                                    / 40.0)
                            .toList();
                    assertThat(SelectionShares.of(resamples, reason).shares())
                            .as("%s %s %s", rule, locks, undefined)
                            .isEqualTo(expected);
                }
            }
        }
    }

    /** Layer 2 has no importance. */
    private static LayerImportance importance(double[][] drawn, int resample) {
        return LayerImportance.ofScores(IntStream.range(0, drawn.length)
                .<Similarity>mapToObj(layer -> layer == 2
                        ? new Similarity.Undefined("constant")
                        : new Similarity.Value(drawn[layer][resample]))
                .toList());
    }

    @Test
    void ofVeryManyResamplesTheFirstAreKeptAndTheWordsSaySo() {
        double[][] drawn = new double[12][100_000];
        drawn[3][5] = 1;
        drawn[4][90_000] = 1;
        LayerImportance importance = LayerImportance.ofScores(Collections.nCopies(12, new Similarity.Value(0.5)));
        Resamples many = new Resamples(importance, drawn, 100_000);
        SelectionShares shares = SelectionShares.of(
                many,
                LayerSelector.select(
                                importance, new SelectionRule.Threshold(1), LayerLocks.none(), UndefinedLayers.EXCLUDE)
                        .reason());

        assertThat(many.kept()).isEqualTo(33_333);
        assertThat(shares.shares().get(3)).isEqualTo(1 / 33_333.0);
        assertThat(shares.shares().get(4)).isZero();
        assertThat(shares.words()).isEqualTo("importance of at least 1.0, in the first 33333 resamples");
    }

    private static List<Double> shares(SelectionRule rule, LayerLocks locks, UndefinedLayers undefined) {
        return of(rule, locks, undefined).shares();
    }

    private static SelectionShares of(SelectionRule rule, LayerLocks locks, UndefinedLayers undefined) {
        return SelectionShares.of(
                DRAWN, LayerSelector.select(FOUR, rule, locks, undefined).reason());
    }
}
