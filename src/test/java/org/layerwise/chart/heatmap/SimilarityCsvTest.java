package org.layerwise.chart.heatmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.base.UserException;
import org.layerwise.chart.ChartSamples;

class SimilarityCsvTest {

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("similarity.csv");
    }

    @Test
    void writesEveryDigitAndNothingWhereUndefined() throws IOException {
        Similarity none = new Similarity.Undefined("constant");
        Similarity one = new Similarity.Value(1);
        Similarity third = new Similarity.Value(1.0 / 3);
        SimilarityMatrix matrix = new SimilarityMatrix(List.of(
                List.of(none, none, none),
                List.of(none, one, third),
                List.of(none, third, new Similarity.Value(1e-9))));
        SimilarityCsv.write(file, matrix);

        assertThat(Files.readString(file))
                .isEqualTo("state,0,1,2\n0,,,\n1,,1.0,0.3333333333333333\n2,,0.3333333333333333,1e-09\n");
        SimilarityMatrix read = SimilarityCsv.read(file);
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                assertThat(read.value(i, j)).isEqualTo(matrix.value(i, j));
            }
        }
    }

    @Test
    void writesTheSameAgain() throws IOException {
        SimilarityCsv.write(file, ChartSamples.matrix(12));
        String first = Files.readString(file);
        SimilarityCsv.write(file, SimilarityCsv.read(file));

        assertThat(Files.readString(file)).isEqualTo(first);
    }

    @Test
    void readsWhatOlderVersionsWrote() throws IOException {
        Files.writeString(file, "layer,0,1\n0,1,0.5\n1,0.5,1\n");

        assertThat(SimilarityCsv.read(file).value(0, 1)).hasValue(0.5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "state,0,1\n0,1,1\n",
                "row,0\n0,1\n",
                "state,0\n1,1\n",
                "state,0\n0,1,2\n",
                "state,0\n0,x\n",
                "state,0\n0,NaN\n",
                "state;0\n0;1\n"
            })
    void saysWhatIsWrong(String content) throws IOException {
        Files.writeString(file, content);

        assertThatThrownBy(() -> SimilarityCsv.read(file))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void saysWhenThereIsNoFile() {
        assertThatThrownBy(() -> SimilarityCsv.read(file))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("no such file");
    }
}
