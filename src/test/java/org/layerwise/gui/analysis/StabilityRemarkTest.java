package org.layerwise.gui.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.MeasureOptions;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.analysis.uncertainty.IntervalKind;
import org.layerwise.analysis.uncertainty.Reliability;
import org.layerwise.analysis.uncertainty.Resamples;
import org.layerwise.analysis.uncertainty.Uncertainty;
import org.layerwise.run.ModelIdentity;
import org.layerwise.run.Provenance;
import org.layerwise.selection.LayerKinds;
import org.layerwise.selection.LayerLocks;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.LayerSelector;
import org.layerwise.selection.ModelKind;
import org.layerwise.selection.SelectionRule;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.MeasureResult;

class StabilityRemarkTest {

    private static final double RATIO = 0.4;

    private static final List<Double> OFTEN = List.of(0.0, 1.0, 0.7, 0.3, 0.0);

    /** Importances undefined, 0.8, 0.5, 0.4, 0.1. */
    private static final LayerImportance FIVE = LayerImportance.ofSimilarities(List.of(
            new Similarity.Undefined("constant"),
            new Similarity.Value(0.2),
            new Similarity.Value(0.5),
            new Similarity.Value(0.6),
            new Similarity.Value(0.9)));

    @Test
    void theReliabilityIsASentenceOfItsOwn() {
        MeasureResult bare = new MeasureResult(LinearCka.MEASURE, null, FIVE, null, null);
        MeasureResult split = new MeasureResult(
                LinearCka.MEASURE, null, FIVE, null, null, null, null, new Reliability(0.934, 0.8762, 20, 64, 7));

        assertThat(StabilityRemark.reliability(bare)).isEmpty();
        assertThat(StabilityRemark.reliability(split))
                .isEqualTo("Ranking: reliability 0.93 (20 split halves of 64 rows).");
    }

    @Test
    void howOftenTheLayersAreSelectedIsWhatCounts() {
        // the intervals overlap, but rows are drawn for all layers at once
        assertThat(drawn(0.06, List.of(0.0, 1.0, 0.98, 0.02, 0.0)))
                .isEqualTo("The selection is clear-cut: resamples select each of its layers in at least 98\u00a0%, any"
                        + " other in at most 2\u00a0%.");
    }

    @Test
    void layersNearTheEdgeAreNamedWithTheirShares() {
        assertThat(drawn(0.001, List.of(0.0, 1.0, 0.7, 0.24, 0.06)))
                .isEqualTo("Close to the edge, by how often resamples select them: layer 2 (70\u00a0%), layer 3"
                        + " (24\u00a0%), layer 4 (6\u00a0%).");
    }

    @Test
    void ofAnotherSelectionTheIntervalsAreAsked() {
        assertThat(other(0.06, LayerLocks.of(List.of(), List.of(4))))
                .isEqualTo("Layers 2 and 3 could change places: their intervals overlap.");
        assertThat(other(0.01, LayerLocks.of(List.of(), List.of(4))))
                .startsWith("No interval of a selected layer reaches one that is not");
        assertThat(other(0.25, LayerLocks.of(List.of(), List.of(0))))
                .isEqualTo("Selected layers 1, 2 could change places with 3, 4: their intervals overlap.");
    }

    @Test
    void knownResamplesSelectByTheRuleInForce() {
        Uncertainty drawn = result(0.06, OFTEN).uncertainty();
        Resamples resamples = new Resamples(
                FIVE, new double[][] {{Double.NaN, Double.NaN}, {0.8, 0.9}, {0.5, 0.4}, {0.4, 0.5}, {0.1, 0.2}}, 2);
        MeasureResult result = new MeasureResult(
                LinearCka.MEASURE,
                null,
                FIVE,
                new Uncertainty(2, 0.95, 1, drawn.kind(), drawn.intervals(), OFTEN, 0.9, List.of(), resamples),
                null);
        Analysis analysis = analysis(result);
        LayerSelection locked = select(LayerLocks.of(List.of(), List.of(1)));
        LayerSelection wider =
                LayerSelector.select(FIVE, new SelectionRule.TopRatio(0.6), LayerLocks.none(), UndefinedLayers.EXCLUDE);

        assertThat(remark(result, locked)).startsWith("The selection is clear-cut: resamples");
        assertThat(analysis.shares(result, locked).orElseThrow().shares()).containsExactly(0.0, 0.0, 1.0, 1.0, 0.0);
        assertThat(analysis.shares(result, wider).orElseThrow().shares()).containsExactly(0.0, 1.0, 1.0, 1.0, 0.0);
    }

    @Test
    void sharesWithoutResamplesSayTheRatioOfTheAnalysis() {
        MeasureResult result = result(0.06, OFTEN);
        Analysis analysis = analysis(result);
        LayerSelection wider =
                LayerSelector.select(FIVE, new SelectionRule.TopRatio(0.6), LayerLocks.none(), UndefinedLayers.EXCLUDE);

        assertThat(analysis.shares(result, wider).orElseThrow().shares()).isEqualTo(OFTEN);
        assertThat(analysis.shares(result, wider).orElseThrow().words()).isEqualTo("ratio 0.4");
        assertThat(analysis.shares(result, LayerSelection.byHand(List.of(1), 5))
                        .orElseThrow()
                        .words())
                .isEqualTo("ratio 0.4");
    }

    @Test
    void layersThatALockHoldsCannotChangePlaces() {
        assertThat(other(0.06, LayerLocks.of(List.of(2), List.of()))).startsWith("No interval");
    }

    @Test
    void aChoiceByHandIsNoMatterOfChance() {
        MeasureResult result = result(0.25, OFTEN);
        assertThat(remark(result, LayerSelection.byHand(List.of(1, 2), 5))).isEmpty();
        assertThat(StabilityRemark.of(null, LayerSelection.byHand(List.of(1, 2), 5), null))
                .isEmpty();
        MeasureResult bare = new MeasureResult(LinearCka.MEASURE, null, FIVE, null, null);
        assertThat(remark(bare, select(LayerLocks.none()))).isEmpty();
    }

    private static String drawn(double halfWidth, List<Double> selected) {
        MeasureResult result = result(halfWidth, selected);
        return remark(result, select(LayerLocks.none()));
    }

    private static String other(double halfWidth, LayerLocks locks) {
        MeasureResult result = result(halfWidth, OFTEN);
        return remark(result, select(locks));
    }

    private static String remark(MeasureResult result, LayerSelection selection) {
        return StabilityRemark.of(
                result, selection, analysis(result).shares(result, selection).orElse(null));
    }

    private static Analysis analysis(MeasureResult result) {
        return new Analysis(
                "tiny",
                ModelKind.ENCODER,
                LayerKinds.NONE,
                "rows.tsv",
                "rows",
                Position.FIRST,
                16,
                0,
                List.of(result),
                null,
                new AnalysisSettings(
                        null,
                        RATIO,
                        UndefinedLayers.EXCLUDE,
                        null,
                        List.of(LinearCka.MEASURE),
                        MeasureOptions.DEFAULTS,
                        0,
                        0,
                        AnalysisSettings.defaults().seed()),
                null,
                new Provenance(null, ModelIdentity.UNKNOWN, null, null, null, Map.of(), "2026-01-01T00:00:00Z", 1),
                List.of(),
                null);
    }

    private static LayerSelection select(LayerLocks locks) {
        return LayerSelector.select(FIVE, new SelectionRule.TopRatio(RATIO), locks, UndefinedLayers.EXCLUDE);
    }

    private static MeasureResult result(double half, List<Double> selected) {
        Uncertainty uncertainty = new Uncertainty(
                100,
                0.95,
                1,
                IntervalKind.DEBIASED,
                Arrays.asList(null, around(0.8, half), around(0.5, half), around(0.4, half), around(0.1, half)),
                selected,
                0.9,
                List.of());
        return new MeasureResult(LinearCka.MEASURE, null, FIVE, uncertainty, null);
    }

    private static Interval around(double value, double half) {
        return new Interval(value - half, value + half);
    }
}
