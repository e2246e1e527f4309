package org.layerwise.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.analysis.uncertainty.IntervalKind;
import org.layerwise.analysis.uncertainty.Uncertainty;
import org.layerwise.analysis.uncertainty.UnrelatedSimilarity;
import org.layerwise.chart.curve.OverlapCurveCsv;
import org.layerwise.chart.heatmap.SimilarityCsv;
import org.layerwise.chart.ranking.ImportanceCsv;
import org.layerwise.chart.ranking.ImportanceData;
import org.layerwise.chart.ranking.ImportanceOverlayChart;

class ChartCsvTest {

    private static final LayerImportance TWO =
            LayerImportance.ofSimilarities(List.of(new Similarity.Undefined("constant"), new Similarity.Value(0.25)));
    private static final Uncertainty UNCERTAINTY = new Uncertainty(
            10,
            0.95,
            1,
            IntervalKind.PERCENTILE,
            Arrays.asList(null, new Interval(2.0 / 3, 0.8)),
            List.of(0.0, 1.0),
            1,
            List.of(new Uncertainty.OverlapAt(8, 1.0 / 3, 0, 1)));

    @Test
    void importanceHasEveryDigitAndNothingWhereThereIsNothing() {
        UnrelatedSimilarity baseline =
                new UnrelatedSimilarity(5, 1, Arrays.asList(null, new UnrelatedSimilarity.Level(0.5, 0.6)));
        assertThat(ImportanceCsv.text(new ImportanceData("CKA", TWO, UNCERTAINTY, baseline)))
                .isEqualTo(
                        """
                layer,importance,low,high,selected,unrelated
                0,,,,,
                1,0.75,0.6666666666666666,0.8,1.0,0.5
                """);
        assertThat(ImportanceCsv.text(new ImportanceData("CKA", TWO, null, null)))
                .isEqualTo(
                        """
                layer,importance,low,high,selected,unrelated
                0,,,,,
                1,0.75,,,,
                """);
    }

    @Test
    void overlaysStandSideBySide() {
        LayerImportance one = LayerImportance.ofScores(List.of(new Similarity.Value(3)));
        assertThat(ImportanceCsv.text(List.of(
                        new ImportanceOverlayChart.Series("CKA, \"RTE\"", TWO, UNCERTAINTY),
                        new ImportanceOverlayChart.Series("Fisher", one, null))))
                .isEqualTo(
                        """
                        layer,"importance: CKA, ""RTE""\","low: CKA, ""RTE""\","high: CKA, ""RTE""\",importance: Fisher,low: Fisher,high: Fisher
                        0,,,,3.0,,
                        1,0.75,0.6666666666666666,0.8,,,
                        """);
    }

    @Test
    void curvesAndSimilarities() {
        assertThat(OverlapCurveCsv.text(UNCERTAINTY))
                .isEqualTo("samples,overlap,low,high\n8,0.3333333333333333,0.0,1.0\n");
        assertThat(SimilarityCsv.text(
                        new SimilarityMatrix(List.of(List.of(new Similarity.Value(0.5), new Similarity.Value(0.25))))))
                .isEqualTo("state,0,1\n0,0.5,0.25\n");
    }
}
