package org.layerwise.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.base.UserException;

class LayerSelectorTest {

    /** Layer 0 undefined, then importances 0.1, 0.4, 0.2, 0.4, 0.3. */
    private static final LayerImportance SIX = importance(Double.NaN, 0.1, 0.4, 0.2, 0.4, 0.3);

    @Test
    void takesTheMostImportantHalfAndBreaksTiesByIndex() {
        LayerSelection half = select(new SelectionRule.TopRatio(0.5), LayerLocks.none(), UndefinedLayers.EXCLUDE);

        assertThat(half.layers()).containsExactly(2, 4, 5);
        assertThat(half.oneHot()).isEqualTo("001011");
        assertThat(half.reason().shortfallSentence()).isEmpty();
        assertThat(select(new SelectionRule.TopN(1), LayerLocks.none(), UndefinedLayers.EXCLUDE)
                        .layers())
                .containsExactly(2);
    }

    @ParameterizedTest
    @CsvSource({
        "0.5, 12, 6",
        "0.5, 13, 6",
        "0.29, 100, 29",
        "0.57, 100, 57",
        "0.1, 12, 1",
        "0.01, 12, 1",
        "1, 12, 12",
        "0.3333333333333333, 12, 4",
        "0.333, 12, 3",
        "0.9999, 12, 11",
        "1e-300, 80, 1"
    })
    void countsByTheDecimalNumberThatTheRatioIs(double ratio, int of, int expected) {
        assertThat(new SelectionRule.TopRatio(ratio).count(of)).isEqualTo(expected);
    }

    @Test
    void countsEveryStepOfASliderThatSnapsToLayers() {
        for (int of = 1; of <= 200; of++) {
            for (int k = 1; k <= of; k++) {
                assertThat(new SelectionRule.TopRatio((double) k / of).count(of))
                        .isEqualTo(k);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.5, 1.0001, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesARatioOutsideOfZeroToOne(double ratio) {
        assertThatThrownBy(() -> new SelectionRule.TopRatio(ratio))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(String.valueOf(ratio))
                .hasMessageContaining("above 0 and at most 1");
    }

    @Test
    void refusesOtherRulesThatMakeNoSense() {
        assertThatThrownBy(() -> new SelectionRule.TopN(0)).isInstanceOf(UserException.class);
        assertThatThrownBy(() -> new SelectionRule.Threshold(Double.NaN)).isInstanceOf(UserException.class);
        assertThatThrownBy(
                        () -> select(SelectionRule.ByHand.of(List.of(6)), LayerLocks.none(), UndefinedLayers.EXCLUDE))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("no layer 6")
                .hasMessageContaining("0 to 5");
    }

    @Test
    void ranksUndefinedLayersFirstWhenAsked() {
        assertThat(select(new SelectionRule.TopN(2), LayerLocks.none(), UndefinedLayers.INCLUDE)
                        .layers())
                .containsExactly(0, 2);
        assertThat(select(new SelectionRule.Threshold(0.35), LayerLocks.none(), UndefinedLayers.INCLUDE)
                        .layers())
                .containsExactly(0, 2, 4);
    }

    @Test
    void takesAllThatReachTheThreshold() {
        assertThat(select(new SelectionRule.Threshold(0.3), LayerLocks.none(), UndefinedLayers.EXCLUDE)
                        .layers())
                .containsExactly(2, 4, 5);
        LayerSelection nothing = select(new SelectionRule.Threshold(0.9), LayerLocks.none(), UndefinedLayers.EXCLUDE);
        assertThat(nothing.layers()).isEmpty();
        assertThat(nothing.reason().shortfall()).isEqualTo("No layer has an importance of at least 0.9.");
    }

    @Test
    void lockedLayersCountTowardsTheNumber() {
        LayerLocks locks = LayerLocks.of(Set.of(1), Set.of(4));

        assertThat(select(new SelectionRule.TopN(3), locks, UndefinedLayers.EXCLUDE)
                        .layers())
                .containsExactly(1, 2, 5);
        assertThat(select(new SelectionRule.TopN(1), LayerLocks.of(Set.of(1, 3, 5), Set.of()), UndefinedLayers.EXCLUDE)
                        .layers())
                .containsExactly(1, 3, 5);
        assertThat(select(new SelectionRule.Threshold(0.35), locks, UndefinedLayers.EXCLUDE)
                        .layers())
                .containsExactly(1, 2);
    }

    @Test
    void anUndefinedLayerMayBeLockedOrNamedByHand() {
        assertThat(select(new SelectionRule.TopN(2), LayerLocks.of(Set.of(0), Set.of()), UndefinedLayers.EXCLUDE)
                        .layers())
                .containsExactly(0, 2);
        LayerSelection byHand =
                select(SelectionRule.ByHand.of(List.of(0, 3)), LayerLocks.none(), UndefinedLayers.EXCLUDE);
        assertThat(byHand.layers()).containsExactly(0, 3);
        assertThat(byHand.reason().shortfall()).isNull();
    }

    @Test
    void aLockBeatsAHand() {
        LayerSelection selection = select(
                SelectionRule.ByHand.of(List.of(1, 3, 5)),
                LayerLocks.of(Set.of(2), Set.of(3, 5)),
                UndefinedLayers.EXCLUDE);

        assertThat(selection.layers()).containsExactly(1, 2);
        assertThat(selection.reason().shortfall()).contains("locked as never selected: layers 3,5");
    }

    @Test
    void saysWhenFewerLayersCouldBeSelected() {
        LayerSelection all = select(new SelectionRule.TopRatio(1), LayerLocks.none(), UndefinedLayers.EXCLUDE);
        assertThat(all.layers()).containsExactly(1, 2, 3, 4, 5);
        assertThat(all.reason().shortfall())
                .isEqualTo("6 layers were asked for, 5 could be selected (the importance of layer 0 is undefined).");

        LayerSelection more =
                select(new SelectionRule.TopN(9), LayerLocks.of(Set.of(), Set.of(1, 2)), UndefinedLayers.INCLUDE);
        assertThat(more.layers()).containsExactly(0, 3, 4, 5);
        assertThat(more.reason().shortfall())
                .isEqualTo("9 layers were asked for, 4 could be selected"
                        + " (the model has 6; locked as never selected: layers 1,2).");
    }

    @Test
    void refusesLocksThatContradictOrDoNotFit() {
        assertThatThrownBy(() -> LayerLocks.of(Set.of(1, 2), Set.of(2)))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("Layer 2");
        for (LayerLocks locks : List.of(LayerLocks.of(Set.of(6), Set.of()), LayerLocks.of(Set.of(), Set.of(-1)))) {
            assertThatThrownBy(() -> select(new SelectionRule.TopN(1), locks, UndefinedLayers.EXCLUDE))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("There is no layer");
        }
    }

    @Test
    void summarizesForPeople() {
        assertThat(select(new SelectionRule.TopRatio(0.5), LayerLocks.of(Set.of(1), Set.of(4)), UndefinedLayers.EXCLUDE)
                        .summary())
                .isEqualTo("3 of 6 layers (1,2,5), by ratio 0.5, always layer 1, never layer 4");
    }

    static LayerImportance importance(double... values) {
        List<Similarity> similarities = new ArrayList<>();
        IntStream.range(0, values.length)
                .forEach(i -> similarities.add(
                        Double.isNaN(values[i])
                                ? new Similarity.Undefined("Layer %s does not vary.".formatted(i))
                                : new Similarity.Value(1 - values[i])));
        return LayerImportance.ofSimilarities(similarities);
    }

    private static LayerSelection select(SelectionRule rule, LayerLocks locks, UndefinedLayers undefined) {
        return LayerSelector.select(SIX, rule, locks, undefined);
    }
}
