package org.layerwise.chart.heatmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;

class SimilarityCsvTest {

    @Test
    void holdsEveryDigitAndNothingWhereUndefined() {
        Similarity none = new Similarity.Undefined("constant");
        Similarity one = new Similarity.Value(1);
        Similarity third = new Similarity.Value(1.0 / 3);
        SimilarityMatrix matrix = new SimilarityMatrix(List.of(
                List.of(none, none, none),
                List.of(none, one, third),
                List.of(none, third, new Similarity.Value(1e-9))));

        assertThat(SimilarityCsv.text(matrix))
                .isEqualTo("state,0,1,2\n0,,,\n1,,1.0,0.3333333333333333\n2,,0.3333333333333333,1e-09\n");
    }
}
