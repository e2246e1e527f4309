package org.layerwise.gui.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.analysis.uncertainty.Uncertainty;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.LayerSelector;
import org.layerwise.selection.Locks;
import org.layerwise.selection.Rule;
import org.layerwise.study.MeasureResult;

class TrustRemarkTest {

    /** Importances undefined, 0.8, 0.5, 0.4, 0.1. */
    private static final LayerImportance FIVE = LayerImportance.ofSimilarities(List.of(
            new Similarity.Undefined("constant"),
            new Similarity.Value(0.2),
            new Similarity.Value(0.5),
            new Similarity.Value(0.6),
            new Similarity.Value(0.9)));

    @Test
    void twoLayersWhoseIntervalsOverlapAcrossTheBoundaryAreNamed() {
        assertThat(remark(0.06, Locks.none()))
                .isEqualTo("Layers 2 and 3 could change places: their intervals overlap.");
    }

    @Test
    void aClearSelectionIsCalledSo() {
        assertThat(remark(0.01, Locks.none())).startsWith("No interval of a selected layer reaches one that is not");
    }

    @Test
    void severalAreListedByTheSideThatTheyAreOn() {
        assertThat(remark(0.25, Locks.none()))
                .isEqualTo("Selected layers 1, 2 could change places with 3, 4: their intervals overlap.");
    }

    @Test
    void layersThatALockHoldsCannotChangePlaces() {
        assertThat(remark(0.06, Locks.of(List.of(2), List.of()))).startsWith("No interval");
    }

    @Test
    void aChoiceByHandIsNoMatterOfChance() {
        MeasureResult result = result(0.25);
        assertThat(TrustRemark.of(result, LayerSelection.byHand(List.of(1, 2), 5)))
                .isEmpty();
        assertThat(TrustRemark.of(null, LayerSelection.byHand(List.of(1, 2), 5)))
                .isEmpty();
        MeasureResult bare = new MeasureResult(Measure.LINEAR_CKA, null, FIVE, null, null);
        assertThat(TrustRemark.of(bare, select(Locks.none()))).isEmpty();
    }

    private static String remark(double halfWidth, Locks locks) {
        return TrustRemark.of(result(halfWidth), select(locks));
    }

    private static LayerSelection select(Locks locks) {
        return LayerSelector.select(FIVE, new Rule.TopRatio(0.4), locks, UndefinedLayers.EXCLUDE);
    }

    private static MeasureResult result(double half) {
        Uncertainty uncertainty = new Uncertainty(
                100,
                0.95,
                1,
                Arrays.asList(null, around(0.8, half), around(0.5, half), around(0.4, half), around(0.1, half)),
                List.of(0.0, 1.0, 0.7, 0.3, 0.0),
                0.9,
                List.of());
        return new MeasureResult(Measure.LINEAR_CKA, null, FIVE, uncertainty, null);
    }

    private static Interval around(double value, double half) {
        return new Interval(value - half, value + half);
    }
}
