package org.layerwise.run.uncertainty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.testing.FuzzRounds;
import org.layerwise.testing.Mutations;
import org.layerwise.training.Evaluation;

class EvaluatedRowsTest {

    private static final RowMetrics CLASSES = new RowMetrics(
            new double[] {0, 1, 2, 1}, new double[] {0, 1, 1, 1}, 3, new double[] {0.1, 0.2, 1.5, 0.3}, ones(4));
    private static final Evaluation OF_CLASSES = new Evaluation(0.525, 4, Map.of("accuracy", 0.75));

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve(EvaluatedRows.NAME);
    }

    private static double[] ones(int rows) {
        double[] ones = new double[rows];
        Arrays.fill(ones, 1);
        return ones;
    }

    private RowMetrics stored(RowMetrics rows, Evaluation evaluation) {
        assertThat(EvaluatedRows.keeps(rows)).isTrue();
        EvaluatedRows.write(file, Map.of("test", rows));
        return EvaluatedRows.read(file, Map.of("test", evaluation)).get("test");
    }

    @Test
    void rowsOfClassesAreReadAsTheyWere() throws IOException {
        RowMetrics read = stored(CLASSES, OF_CLASSES);
        assertThat(read.labels()).isEqualTo(CLASSES.labels());
        assertThat(read.predicted()).isEqualTo(CLASSES.predicted());
        assertThat(read.outputs()).isEqualTo(3);
        assertThat(read.losses()).containsExactly(CLASSES.losses(), within(1e-6));
        assertThat(Files.readString(file))
                .isEqualTo(
                        "{\"test\":{\"outputs\":3,\"labels\":[0,1,2,1],\"predicted\":[0,1,1,1],\"losses\":[0.1,0.2,1.5,0.3]}}\n");
    }

    @Test
    void numbersKeepTheirCorrelationToTheLastDigit() {
        double[] labels = {0.1, 1 / 3.0, 2.5, 1e-20, 4};
        double[] predicted = {0.2f, 0.7f, 2.25f, -1.1f, 3.3f};
        RowMetrics rows = new RowMetrics(labels, predicted, 1, ones(5), ones(5));
        double pearson = rows.metric("pearson", rows.all());
        RowMetrics read = stored(rows, new Evaluation(1, 5, Map.of("pearson", pearson)));
        assertThat(read.metric("pearson", read.all())).isEqualTo(pearson);
    }

    @Test
    void rowsOfALanguageModelKeepTheirTokens() {
        RowMetrics rows =
                new RowMetrics(new double[0], new double[0], 1, new double[] {1, 2, 3}, new double[] {5, 0, 20});
        double loss = 65 / 25.0;
        RowMetrics read = stored(rows, new Evaluation(loss, 3, Map.of("perplexity", Math.exp(loss))));
        assertThat(read.metric("loss", read.all())).isCloseTo(loss, within(1e-9));
        assertThat(read.canCompute("accuracy")).isFalse();
    }

    @Test
    void whatIsNotFiniteIsNotKept() {
        assertThat(EvaluatedRows.keeps(new RowMetrics(
                        new double[] {0, 1}, new double[] {0, 0}, 2, new double[] {0.1, Double.NaN}, ones(2))))
                .isFalse();
        assertThat(EvaluatedRows.keeps(null)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"predicted\":[0,1,1,1] | \"predicted\":[0,1,1,2147483647] | no class",
                "\"predicted\":[0,1,1,1] | \"predicted\":[0,1,1,-1] | no class",
                "\"predicted\":[0,1,1,1] | \"predicted\":[0,1,1,0.5] | no class",
                "\"predicted\":[0,1,1,1] | \"predicted\":[0,1,1,\"1\"] | no finite number",
                "\"predicted\":[0,1,1,1] | \"predicted\":[0,1,1,NaN] | no finite number",
                "\"predicted\":[0,1,1,1] | \"predicted\":[0,1,1] | different lengths",
                "\"predicted\":[0,1,1,1] | \"predicted\":[0,0,1,1] | do not give the metrics",
                "\"labels\":[0,1,2,1] | \"labels\":[] | no list",
                "\"labels\":[0,1,2,1] | \"labels\":{\"0\":1} | no list",
                "\"outputs\":3 | \"outputs\":1000000000000 | number of outputs",
                "\"outputs\":3 | \"outputs\":-1 | number of outputs",
                "\"losses\":[0.1,0.2,1.5,0.3] | \"losses\":[0.1,0.2,1e999,0.3] | no finite number",
                "\"outputs\":3 | \"tokens\":[1,1,1,-5] | numbers of tokens",
                "{\"test\":{ | {\"test\":{{ | is not valid JSON"
            })
    void aChangedFileIsRefusedInOneSentence(String was, String is, String said) throws IOException {
        EvaluatedRows.write(file, Map.of("test", CLASSES));
        String text = Files.readString(file);
        assertThat(text).contains(was);
        Files.writeString(file, text.replace(was, is));
        assertThatThrownBy(() -> EvaluatedRows.read(file, Map.of("test", OF_CLASSES)))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(said);
    }

    @Test
    void rowsOfAnotherNumberAreRefused() {
        EvaluatedRows.write(file, Map.of("test", CLASSES));
        assertThatThrownBy(() ->
                        EvaluatedRows.read(file, Map.of("test", new Evaluation(0.525, 5, Map.of("accuracy", 0.75)))))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("metrics of the test evaluation");
    }

    @Test
    void mutatedFilesAreReadOrRefused() throws IOException {
        EvaluatedRows.write(file, Map.of("test", CLASSES));
        byte[] json = Files.readAllBytes(file);
        Mutations mutations = new Mutations(32);
        FuzzRounds.Outcome outcome = new FuzzRounds(EvaluatedRows.NAME, 1000, file).run(round -> {
            Files.write(file, mutations.json(json));
            return FuzzRounds.isAccepted(() -> {
                RowMetrics rows =
                        EvaluatedRows.read(file, Map.of("test", OF_CLASSES)).get("test");
                if (rows != null) {
                    assertThat(PairedTest.of("accuracy", rows, CLASSES, Progress.none())
                                    .difference())
                            .isZero();
                }
            });
        });
        assertThat(outcome.validShare()).isBetween(0.001, 0.95);
    }
}
