package org.layerwise.chart.ranking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.jfree.chart.entity.CategoryItemEntity;
import org.jfree.chart.entity.CategoryLabelEntity;
import org.jfree.chart.entity.ChartEntity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.ModuleImportance;
import org.layerwise.analysis.Similarity;
import org.layerwise.chart.ChartSamples;
import org.layerwise.chart.Drawn;
import org.layerwise.chart.style.ChartFonts;
import org.layerwise.chart.style.ChartSize;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.chart.style.ChartTheme;
import org.layerwise.selection.LayerLocks;

class RankingChartTest {

    private static final ChartSize SIZE = new ChartSize(500, 300);
    /** Importances undefined, 0.2, 0.8, 0.4. */
    private static final LayerImportance FOUR = LayerImportance.ofSimilarities(List.of(
            new Similarity.Undefined("It does not vary."),
            new Similarity.Value(0.8),
            new Similarity.Value(0.2),
            new Similarity.Value(0.6)));

    @Test
    void ranksByImportanceAndPutsUndefinedLayersLast() {
        assertThat(order(
                        new Drawn(ChartSamples.ranking(FOUR, ChartStyle.light()).chart(), SIZE, 1)))
                .containsExactly(2, 3, 1, 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 12, 32, 80})
    void everyLayerIsATargetForTheMouse(int layers) {
        RankingChart ranking = ChartSamples.ranking(ChartSamples.importance(layers), ChartStyle.light());
        Drawn drawn = new Drawn(ranking.chart(), ranking.exportSize(), 1);

        assertThat(order(drawn)).hasSize(layers);
        assertThat(drawn.entities())
                .filteredOn(CategoryLabelEntity.class::isInstance)
                .hasSize(layers)
                .allMatch(entity -> RankingChart.layerOf(entity).isPresent());
        assertThat(RankingChart.layerOf(null)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(ChartTheme.class)
    void coloursBarsBySelectionAndDrawsThemToScale(ChartTheme theme) {
        RankingChart ranking = ChartSamples.ranking(FOUR, new ChartStyle(theme, ChartFonts.inter(), 1));
        ranking.select(new TreeSet<>(List.of(2, 1)), LayerLocks.none());
        Drawn drawn = new Drawn(ranking.chart(), SIZE, 2);

        int longest = drawn.length(row(drawn, 2), theme.accent());
        assertThat(longest).isGreaterThan(400);
        assertThat((double) drawn.length(row(drawn, 3), theme.neutral())).isCloseTo(longest / 2.0, within(2.0));
        assertThat((double) drawn.length(row(drawn, 1), theme.accent())).isCloseTo(longest / 4.0, within(2.0));
        assertThat(drawn.length(row(drawn, 3), theme.accent())).isZero();
        assertThat(drawn.colours(row(drawn, 0))).contains(theme.undefined(), theme.hatch());
    }

    @Test
    void ranksLinearMapsByTheirNames() {
        ImportanceData data = ImportanceData.of(
                new ModuleImportance(List.of(
                        new ModuleImportance.Module("layers.0.attn.q", "attn.q", 0, 1),
                        new ModuleImportance.Module("layers.7.mlp.up", "mlp.up", 7, 3),
                        new ModuleImportance.Module("layers.1.mlp.up", "mlp.up", 1, 2))),
                "SNR",
                2);
        RankingChart ranking = new RankingChart(data, ChartStyle.light());
        ranking.select(new TreeSet<>(List.of(1)), LayerLocks.none());
        Drawn drawn = new Drawn(ranking.chart(), SIZE, 1);

        assertThat(data.names()).as("the two most important").containsExactly("7 · up", "1 · up");
        assertThat(order(drawn)).containsExactly(0, 1);
        assertThat(drawn.entities())
                .extracting(ChartEntity::getToolTipText)
                .contains("Layer 7 · up   SNR 3.0", "Layer 1 · up   SNR 2.0   selected");
    }

    @Test
    void followsClicksWithOneRedrawEach() {
        RankingChart ranking = ChartSamples.ranking(FOUR, ChartStyle.light());
        AtomicInteger redrawn = new AtomicInteger();
        ranking.chart().addChangeListener(event -> redrawn.incrementAndGet());

        ranking.select(new TreeSet<>(List.of(3)), LayerLocks.none());
        assertThat(redrawn).hasValue(1);
        Drawn drawn = new Drawn(ranking.chart(), SIZE, 1);
        assertThat(drawn.length(row(drawn, 3), ChartTheme.LIGHT.accent())).isPositive();
        assertThat(drawn.length(row(drawn, 2), ChartTheme.LIGHT.accent())).isZero();
        ranking.highlight(2);
        ranking.highlight(2);
        assertThat(redrawn).hasValue(2);
        ranking.restyle(ChartStyle.dark());
        assertThat(redrawn).hasValue(3);
        assertThat(new Drawn(ranking.chart(), SIZE, 1).at(1, 1)).isEqualTo(ChartTheme.DARK.canvas());
        assertThat(redrawn).as("drawing changes nothing").hasValue(3);
    }

    @Test
    void marksTheRowUnderTheMouse() {
        RankingChart ranking = ChartSamples.ranking(FOUR, ChartStyle.light());
        ranking.highlight(1);
        Drawn drawn = new Drawn(ranking.chart(), SIZE, 1);

        assertThat(drawn.colours(row(drawn, 1))).contains(ChartTheme.LIGHT.hover());
        assertThat(drawn.colours(row(drawn, 3))).doesNotContain(ChartTheme.LIGHT.hover());
    }

    @Test
    void marksLockedLayers() {
        RankingChart ranking = ChartSamples.ranking(FOUR, ChartStyle.light());
        Drawn free = new Drawn(ranking.chart(), SIZE, 1);
        ranking.select(new TreeSet<>(), LayerLocks.of(List.of(3), List.of(1)));
        Drawn locked = new Drawn(ranking.chart(), SIZE, 1);

        assertThat(locked.samePixels(free)).isFalse();
        assertThat(row(locked, 3).getToolTipText()).endsWith("always selected");
        assertThat(row(locked, 1).getToolTipText()).endsWith("never selected");
    }

    @Test
    void saysTheExactValues() {
        RankingChart ranking = ChartSamples.ranking(FOUR, ChartStyle.light());
        ranking.select(new TreeSet<>(List.of(3)), LayerLocks.none());
        Drawn drawn = new Drawn(ranking.chart(), SIZE, 1);

        assertThat(row(drawn, 3).getToolTipText()).isEqualTo("Layer 3   importance 0.4 (CKA 0.6)   selected");
        assertThat(row(drawn, 0).getToolTipText()).isEqualTo("Layer 0   undefined: It does not vary.");
    }

    @Test
    void nothingDefinedOrNoImportanceIsNoError() {
        for (Similarity each : List.of(
                new Similarity.Undefined("constant"), new Similarity.Value(1), new Similarity.Value(1 + 1e-15))) {
            LayerImportance flat = LayerImportance.ofSimilarities(List.of(each, each));
            assertThat(order(new Drawn(
                            ChartSamples.ranking(flat, ChartStyle.light()).chart(), SIZE, 1)))
                    .containsExactly(0, 1);
        }
    }

    private static List<Integer> order(Drawn drawn) {
        List<ChartEntity> rows = new ArrayList<>(drawn.entities());
        rows.removeIf(entity -> !(entity instanceof CategoryItemEntity));
        rows.sort(Comparator.comparingDouble(
                entity -> entity.getArea().getBounds2D().getY()));
        return rows.stream()
                .map(entity -> RankingChart.layerOf(entity).orElseThrow())
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
