package org.layerwise.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import org.jfree.chart.entity.CategoryItemEntity;
import org.jfree.chart.entity.ChartEntity;
import org.jfree.chart.entity.LegendItemEntity;
import org.jfree.chart.entity.XYItemEntity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.analysis.uncertainty.IntervalKind;
import org.layerwise.analysis.uncertainty.Uncertainty;
import org.layerwise.analysis.uncertainty.UnrelatedSimilarity;
import org.layerwise.chart.axis.SampleCountAxis;
import org.layerwise.chart.curve.OverlapCurveChart;
import org.layerwise.chart.ranking.ImportanceCsv;
import org.layerwise.chart.ranking.ImportanceData;
import org.layerwise.chart.ranking.ImportanceOverlayChart;
import org.layerwise.chart.ranking.RankingChart;
import org.layerwise.chart.style.ChartFonts;
import org.layerwise.chart.style.ChartSize;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.ChartTheme;
import org.layerwise.selection.LayerLocks;
import org.layerwise.selection.LayerSelector;
import org.layerwise.selection.SelectionRule;
import org.layerwise.selection.SelectionShares;

class TrustChartsTest {

    private static final ChartSize SIZE = new ChartSize(600, 360);
    private static final Uncertainty UNCERTAINTY = new Uncertainty(
            1000,
            0.95,
            42,
            IntervalKind.DEBIASED,
            Arrays.asList(null, new Interval(0.15, 0.3), new Interval(0.7, 0.9), new Interval(0.35, 0.45)),
            List.of(0.0, 0.034, 1.0, 0.966),
            0.95,
            List.of(new Uncertainty.OverlapAt(64, 0.7, 0.5, 1), new Uncertainty.OverlapAt(512, 0.9, 0.8, 1)));
    /** Importances undefined, 0.2, 0.8, 0.4. */
    private static final LayerImportance FOUR = LayerImportance.ofSimilarities(List.of(
            new Similarity.Undefined("It does not vary."),
            new Similarity.Value(0.8),
            new Similarity.Value(0.2),
            new Similarity.Value(0.6)));

    private static final LayerImportance NO_LAYERS = LayerImportance.ofSimilarities(List.of());

    @Test
    void aRankingSaysItsIntervalsAndHowOftenLayersAreSelected() {
        RankingChart ranking =
                new RankingChart(new ImportanceData("CKA", FOUR, UNCERTAINTY, baseline(0.5)), ChartStyle.light());
        Drawn drawn = new Drawn(ranking.chart(), SIZE, 2);
        Drawn bare = new Drawn(ChartSamples.ranking(FOUR, ChartStyle.light()).chart(), SIZE, 2);

        assertThat(row(drawn, 3).getToolTipText())
                .isEqualTo("Layer 3   importance 0.4 (CKA 0.6)   95 % interval (many rows) 0.35 to 0.45"
                        + "   selected in 97 % of resamples   unrelated data 0.5");
        assertThat(row(drawn, 0).getToolTipText()).isEqualTo("Layer 0   undefined: It does not vary.");
        assertThat(legend(drawn))
                .containsExactlyInAnyOrder("95 % interval (many rows)", "unrelated data", "of resamples select it");
        assertThat(legend(bare)).isEmpty();
        // the interval is drawn over the bar in the colour of text
        assertThat(drawn.colours(row(drawn, 2))).contains(ChartTheme.LIGHT.text(), ChartTheme.LIGHT.run(1));
        assertThat(bare.colours(row(bare, 2))).doesNotContain(ChartTheme.LIGHT.run(1));
    }

    @Test
    void aRankingSaysTheRuleThatItsSharesHoldFor() {
        RankingChart ranking = new RankingChart(new ImportanceData("CKA", FOUR, UNCERTAINTY, null), ChartStyle.light());
        LayerLocks locks = LayerLocks.of(List.of(3), List.of());
        ranking.share(new SelectionShares(
                List.of(0.0, 0.25, 0.75, 1.0),
                LayerSelector.select(FOUR, new SelectionRule.TopRatio(0.75), locks, UndefinedLayers.EXCLUDE)
                        .reason()));
        Drawn drawn = new Drawn(ranking.chart(), SIZE, 2);

        assertThat(row(drawn, 1).getToolTipText()).endsWith("selected in 25 % of resamples, by ratio 0.75 and locks");
        assertThat(legend(drawn)).contains("of resamples select it, by ratio 0.75 and locks");
    }

    @Test
    void unrelatedDataFarFromTheBarsIsSaidAndNotDrawn() {
        LayerImportance small =
                LayerImportance.ofSimilarities(List.of(new Similarity.Value(0.98), new Similarity.Value(0.99)));
        ImportanceData data = new ImportanceData(
                "CKA",
                small,
                null,
                new UnrelatedSimilarity(
                        10,
                        1,
                        List.of(new UnrelatedSimilarity.Level(0.1, 0.2), new UnrelatedSimilarity.Level(0.2, 0.3))));
        Drawn drawn = new Drawn(new RankingChart(data, ChartStyle.light()).chart(), SIZE, 1);

        assertThat(legend(drawn)).containsExactly("unrelated data: 0.800 to 0.900");
        assertThat(drawn.colours(row(drawn, 0))).doesNotContain(ChartTheme.LIGHT.run(1));
        assertThat(drawn.length(row(drawn, 0), ChartTheme.LIGHT.neutral())).isGreaterThan(300);
    }

    @Test
    void importanceFromGradientsIsNoSimilarity() {
        ImportanceData data = new ImportanceData("gradient norm", ChartSamples.gradients(6), null, null);
        Drawn drawn = new Drawn(new RankingChart(data, ChartStyle.light()).chart(), SIZE, 1);

        assertThat(data.quantity()).isEqualTo("gradient norm");
        for (int layer = 0; layer < 6; layer++) {
            assertThat(row(drawn, layer).getToolTipText())
                    .isEqualTo("Layer %s   gradient norm %s"
                            .formatted(layer, data.importance().of(layer).getAsDouble()));
        }
        assertThat(new ImportanceData("CKA", FOUR, null, null).quantity()).isEqualTo("1 − CKA");
    }

    @Test
    void theOverlapCurveSaysItsPointsAndWhatChanceWouldGive() {
        Drawn drawn = new Drawn(new OverlapCurveChart(UNCERTAINTY, FOUR, ChartStyle.light()).chart(), SIZE, 1);

        assertThat(drawn.entities())
                .filteredOn(XYItemEntity.class::isInstance)
                .extracting(ChartEntity::getToolTipText)
                .containsExactly(
                        "64 examples   overlap 0.7, 90 % of draws between 0.5 and 1.0",
                        "512 examples   overlap 0.9, 90 % of draws between 0.8 and 1.0");
        // two of the three layers that have an importance are selected
        assertThat(OverlapCurveChart.chanceOverlap(UNCERTAINTY, FOUR)).isCloseTo(2.0 / 3, within(1e-12));
        assertThat(legend(drawn)).contains("by chance 0.667");
    }

    @Test
    void sampleCountsStandByTheirBinaryLogarithm() {
        assertThat(SampleCountAxis.position(512) - SampleCountAxis.position(64)).isCloseTo(3, within(1e-12));
    }

    @ParameterizedTest
    @EnumSource(ChartTheme.class)
    void probabilitiesAreDrawnToScaleInTheColourOfTheSelection(ChartTheme theme) {
        SelectionProbabilityChart chart = new SelectionProbabilityChart(
                UNCERTAINTY, FOUR, new TreeSet<>(List.of(2, 3)), new ChartStyle(theme, ChartFonts.inter(), 1));
        Drawn drawn = new Drawn(chart.chart(), SIZE, 1);
        List<ChartEntity> bars = drawn.entities().stream()
                .filter(entity -> SelectionProbabilityChart.layerOf(entity).isPresent())
                .toList();

        assertThat(bars).hasSize(4);
        assertThat(drawn.colours(bars.get(2))).contains(theme.accent()).doesNotContain(theme.neutral());
        assertThat(drawn.colours(bars.get(1))).contains(theme.neutral()).doesNotContain(theme.accent());
        assertThat(drawn.colours(bars.get(0))).contains(theme.undefined());
        Rectangle2D column = bars.get(3).getArea().getBounds2D();
        // the axis ends a little above 1
        double top = column.getMaxY() - column.getHeight() * 0.966 / 1.03;
        assertThat(drawn.at(column.getCenterX(), top + 2)).isEqualTo(theme.accent());
        assertThat(drawn.at(column.getCenterX(), top - 2)).isNotEqualTo(theme.accent());
        assertThat(bars.get(3).getToolTipText()).isEqualTo("Layer 3   selected in 97 % of 1000 resamples   proposed");
        assertThat(bars.get(0).getToolTipText()).isEqualTo("Layer 0   undefined   selected in 0 % of 1000 resamples");
        assertThat(legend(drawn)).containsExactly("proposed", "not proposed", "undefined");
    }

    @Test
    void aLayerWithoutIntervalHasItsProbability() {
        Uncertainty always = new Uncertainty(
                1000,
                0.95,
                42,
                IntervalKind.DEBIASED,
                Arrays.asList(null, null, new Interval(0.7, 0.9), new Interval(0.35, 0.45)),
                List.of(1.0, 0.4, 0.5, 0.1),
                0.95,
                List.of());
        SelectionProbabilityChart chart =
                new SelectionProbabilityChart(always, FOUR, new TreeSet<>(List.of(0, 2)), ChartStyle.light());
        Drawn drawn = new Drawn(chart.chart(), SIZE, 1);
        List<ChartEntity> bars = drawn.entities().stream()
                .filter(entity -> SelectionProbabilityChart.layerOf(entity).isPresent())
                .toList();

        assertThat(bars.get(0).getToolTipText())
                .isEqualTo("Layer 0   undefined   selected in 100 % of 1000 resamples   proposed");
        assertThat(drawn.colours(bars.get(0)))
                .as("no bar of an undefined layer")
                .contains(ChartTheme.LIGHT.undefined())
                .doesNotContain(ChartTheme.LIGHT.accent());
        assertThat(bars.get(1).getToolTipText()).isEqualTo("Layer 1   selected in 40 % of 1000 resamples");
        assertThat(drawn.colours(bars.get(1))).contains(ChartTheme.LIGHT.neutral());
        assertThat(legend(drawn)).containsExactly("proposed", "not proposed", "undefined");
        assertThat(ImportanceCsv.text(new ImportanceData("CKA", FOUR, always, null)))
                .contains("0,,,,1.0,\n")
                .contains("1,0.19999999999999996,,,0.4,\n");
    }

    /** The mean over all selections by chance of 12 layers of which layer 0 is undefined and selected in any case. */
    @Test
    void chanceSelectsTheLayersThatAreSelectedInAnyCase() {
        List<Similarity> values = new ArrayList<>(List.of(new Similarity.Undefined("It does not vary.")));
        List<Double> shares = new ArrayList<>(List.of(1.0));
        for (int layer = 1; layer < 12; layer++) {
            values.add(new Similarity.Value(0.05 * layer));
            shares.add(2 / 11.0);
        }
        LayerImportance importance = LayerImportance.ofSimilarities(values);
        double sum = 0;
        int pairs = 0;
        for (int one = 1; one < 12; one++) {
            for (int other = one + 1; other < 12; other++) {
                sum += (1 + (one <= 2 ? 1 : 0) + (other <= 2 ? 1 : 0)) / 3.0;
                pairs++;
            }
        }
        // some layers have no interval, since they are undefined in many draws; they are selected by chance as others
        // are
        Uncertainty included = new Uncertainty(
                10, 0.95, 1, IntervalKind.PERCENTILE, Collections.nCopies(12, null), shares, 1, List.of());

        assertThat(OverlapCurveChart.chanceOverlap(included, importance))
                .isCloseTo(sum / pairs, within(1e-12))
                .isCloseTo(0.4545, within(1e-4));
    }

    @Test
    void chanceFindsUndefinedLayersAloneAgain() {
        LayerImportance none =
                LayerImportance.ofSimilarities(Collections.nCopies(2, new Similarity.Undefined("It does not vary.")));
        List<Interval> intervals = Arrays.asList(null, null);

        assertThat(OverlapCurveChart.chanceOverlap(
                        new Uncertainty(
                                10, 0.95, 1, IntervalKind.PERCENTILE, intervals, List.of(1.0, 0.0), 1, List.of()),
                        none))
                .isEqualTo(1);
        assertThat(OverlapCurveChart.chanceOverlap(
                        new Uncertainty(
                                10, 0.95, 1, IntervalKind.PERCENTILE, intervals, List.of(0.0, 0.0), 1, List.of()),
                        none))
                .isZero();
    }

    @Test
    void anOverlayHasAMarkerForEveryDefinedImportance() {
        ImportanceOverlayChart.Series cka = new ImportanceOverlayChart.Series("CKA", FOUR, UNCERTAINTY);
        ImportanceOverlayChart.Series norm =
                new ImportanceOverlayChart.Series("gradient norm", ChartSamples.gradients(4), null);
        Drawn scaled = new Drawn(
                new ImportanceOverlayChart(List.of(cka, norm), "Importance", true, ChartStyle.light()).chart(),
                SIZE,
                1);

        List<ChartEntity> markers = scaled.entities().stream()
                .filter(XYItemEntity.class::isInstance)
                .toList();
        assertThat(markers).hasSize(3 + 4);
        assertThat(markers)
                .extracting(ChartEntity::getToolTipText)
                .contains("CKA   layer 3   0.4   95 % interval (many rows) 0.35 to 0.45");
        assertThat(legend(scaled)).containsExactly("CKA", "gradient norm", "95 % interval (many rows)");
        // scaled, both lines reach the same height
        assertThat(highest(markers, 0)).isCloseTo(highest(markers, 1), within(1.5));
        Drawn plain = new Drawn(
                new ImportanceOverlayChart(List.of(cka, norm), "Importance", false, ChartStyle.light()).chart(),
                SIZE,
                1);
        List<ChartEntity> unscaled =
                plain.entities().stream().filter(XYItemEntity.class::isInstance).toList();
        assertThat(highest(unscaled, 0)).isGreaterThan(highest(unscaled, 1) + 50);
    }

    @Test
    void nothingToDrawIsNoError() {
        Uncertainty none = new Uncertainty(0, 0.95, 1, IntervalKind.PERCENTILE, List.of(), List.of(), 0, List.of());
        new Drawn(new OverlapCurveChart(none, NO_LAYERS, ChartStyle.light()).chart(), SIZE, 1);
        new Drawn(new SelectionProbabilityChart(none, NO_LAYERS, new TreeSet<>(), ChartStyle.dark()).chart(), SIZE, 1);
        new Drawn(new ImportanceOverlayChart(List.of(), "Importance", false, ChartStyle.dark()).chart(), SIZE, 1);
        LayerImportance undefined = LayerImportance.ofSimilarities(List.of(new Similarity.Undefined("constant")));
        new Drawn(
                new ImportanceOverlayChart(
                                List.of(new ImportanceOverlayChart.Series("CKA", undefined, null)),
                                "Importance",
                                true,
                                ChartStyle.dark())
                        .chart(),
                SIZE,
                1);
    }

    private static UnrelatedSimilarity baseline(double mean) {
        UnrelatedSimilarity.Level level = new UnrelatedSimilarity.Level(mean, mean + 0.1);
        return new UnrelatedSimilarity(100, 42, Arrays.asList(null, level, level, level));
    }

    private static double highest(List<ChartEntity> markers, int series) {
        return markers.stream()
                .filter(entity -> ((XYItemEntity) entity).getSeriesIndex() == series)
                .mapToDouble(entity -> entity.getArea().getBounds2D().getCenterY())
                .min()
                .orElseThrow();
    }

    private static List<String> legend(Drawn drawn) {
        return drawn.entities().stream()
                .filter(LegendItemEntity.class::isInstance)
                .map(entity -> String.valueOf(((LegendItemEntity) entity).getSeriesKey()))
                .toList();
    }

    private static ChartEntity row(Drawn drawn, int layer) {
        return drawn.entities().stream()
                .filter(CategoryItemEntity.class::isInstance)
                .filter(entity -> RankingChart.layerOf(entity).orElseThrow() == layer)
                .findFirst()
                .orElseThrow();
    }
}
