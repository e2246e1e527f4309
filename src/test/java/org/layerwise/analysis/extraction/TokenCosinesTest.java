package org.layerwise.analysis.extraction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Representations;
import org.layerwise.base.Progress;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.data.Labels;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.LayerStream;
import org.layerwise.model.ModelBlueprint;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.Golden;
import org.layerwise.testing.GoldenBert;
import org.layerwise.testing.GoldenData;

/** Cosines over all tokens against those of the hidden states that PyTorch gave, token by token in float64. */
class TokenCosinesTest {

    private static final int STATES = 5;

    private final TensorEngine engine = Engines.shared();

    @TempDir
    private Path folder;

    /** Sums over the tokens of each row, {@code [rows][i][j]}. */
    private static double[][][] expected(SafetensorsFile golden, TokenBatch batch) {
        double[][][] sums = new double[batch.size()][STATES][STATES];
        for (int i = 0; i < STATES; i++) {
            double[] left = Golden.doubles(golden, "hidden_states." + i);
            for (int j = 0; j < STATES; j++) {
                double[] right = Golden.doubles(golden, "hidden_states." + j);
                int width = left.length / (batch.size() * batch.length());
                for (int token = 0; token < batch.mask().length; token++) {
                    if (batch.mask()[token] == 1) {
                        sums[token / batch.length()][i][j] += cosine(left, right, token * width, width);
                    }
                }
            }
        }
        return sums;
    }

    private static double cosine(double[] x, double[] y, int from, int width) {
        double product = 0;
        double ofX = 0;
        double ofY = 0;
        for (int at = from; at < from + width; at++) {
            product += x[at] * y[at];
            ofX += x[at] * x[at];
            ofY += y[at] * y[at];
        }
        return product / Math.sqrt(ofX * ofY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "llama"})
    void areThoseOfEveryTokenThatIsNotPadding(String fixture) {
        int live = engine.liveTensors();
        TokenizedDataset data = GoldenData.rows(fixture);
        try (SafetensorsFile golden =
                        SafetensorsFile.open(Golden.folder(fixture).resolve("golden.safetensors"));
                TransformerModel model = TransformerModel.load(
                        engine, Checkpoint.open(Golden.folder(fixture)), Engines.device(), Progress.none())) {
            double[][][] expected = expected(golden, Golden.batch(golden));
            RepresentationExtractor extractor = new RepresentationExtractor(model);
            Extraction extraction = extractor.extract(data, Position.LAST, true, Progress.none());
            TokenCosines cosines = extraction.tokenCosines().orElseThrow();
            double tokens = 0;
            double[][] sums = new double[STATES][STATES];
            for (int row = 0; row < data.size(); row++) {
                int length = data.rows().get(row).length();
                tokens += length;
                assertThat(cosines.tokens()[row]).isEqualTo(length);
                for (int i = 0; i < STATES; i++) {
                    for (int j = 0; j < STATES; j++) {
                        sums[i][j] += expected[row][i][j];
                    }
                }
                for (int layer = 0; layer + 1 < STATES; layer++) {
                    assertThat((double) cosines.perExample().at(row, layer))
                            .isCloseTo(expected[row][layer][layer + 1] / length, within(1e-5));
                }
            }
            for (int i = 0; i < STATES; i++) {
                for (int j = 0; j < STATES; j++) {
                    assertThat(cosines.similarity().value(i, j).orElseThrow())
                            .isCloseTo(sums[i][j] / tokens, within(1e-5));
                }
            }
            assertThat(LayerImportance.of(cosines.similarity()).of(2).orElseThrow())
                    .isCloseTo(1 - sums[2][3] / tokens, within(1e-5));
            assertSame(extraction.representations(), extractor.extract(data, Position.LAST, Progress.none()));
        }
        assertThat(engine.liveTensors()).isEqualTo(live);
    }

    @Test
    void aLayerAtATimeGivesThoseOfConsecutiveLayers() throws IOException {
        TokenizedDataset data = GoldenData.rows("llama");
        try (TransformerModel model = TransformerModel.load(
                        engine, Checkpoint.open(Golden.folder("llama")), Engines.device(), Progress.none());
                Checkpoint checkpoint = Checkpoint.open(Golden.folder("llama"))) {
            TokenCosines whole = new RepresentationExtractor(model)
                    .extract(data, Position.LAST, true, Progress.none())
                    .tokenCosines()
                    .orElseThrow();
            LayerStream stream =
                    new LayerStream(engine, ModelBlueprint.read(engine, checkpoint), Engines.device(), DType.F32);
            TokenCosines layered = new LayeredExtractor(stream, Long.MAX_VALUE, folder)
                    .extract(data, Position.LAST, true, Progress.none())
                    .tokenCosines()
                    .orElseThrow();
            for (int layer = 0; layer + 1 < STATES; layer++) {
                assertThat(LayerImportance.of(layered.similarity()).of(layer).orElseThrow())
                        .isCloseTo(
                                LayerImportance.of(whole.similarity()).of(layer).orElseThrow(), within(1e-5));
            }
            assertThat(layered.perExample().values())
                    .containsExactly(whole.perExample().values(), within(1e-5f));
            assertThat(layered.similarity().at(0, 2).asOptional()).isEmpty();
            assertThat(layered.similarity().value(3, 3)).hasValue(1);
        }
    }

    @Test
    void partsOfTheDataGiveWhatTheWholeGives() {
        TokenizedDataset data = GoldenBert.data();
        try (TransformerModel model = GoldenBert.model(engine)) {
            RepresentationExtractor extractor = new RepresentationExtractor(model);
            Extraction whole = extractor.extract(data, Position.FIRST, true, Progress.none());
            TokenCosines expected = whole.tokenCosines().orElseThrow();
            int begin = 0;
            for (TokenizedDataset part : List.of(part(data, 0, 7), part(data, 7, 8), part(data, 8, data.size()))) {
                TokenCosines own = extractor
                        .extract(part, Position.FIRST, true, Progress.none())
                        .tokenCosines()
                        .orElseThrow();
                int end = begin + part.size();
                int layers = STATES - 1;
                assertThat(own.tokens()).containsExactly(Arrays.copyOfRange(expected.tokens(), begin, end));
                assertThat(own.perExample().values())
                        .containsExactly(
                                Arrays.copyOfRange(expected.perExample().values(), begin * layers, end * layers),
                                within(1e-6f));
                begin = end;
            }
        }
    }

    @Test
    void adaptersChangeWhatIsExtracted() {
        TokenizedDataset data = GoldenBert.data();
        try (TransformerModel model = GoldenBert.model(engine)) {
            String query = model.transformer().linears(2).get(0).name();
            Representations plain = new RepresentationExtractor(model).extract(data, Position.FIRST, Progress.none());
            Representations adapted = new RepresentationExtractor(
                            model, model.transformer().with(Map.of(query, (map, x, y) -> y.mul(3))))
                    .extract(data, Position.FIRST, Progress.none());
            for (int state = 0; state < STATES; state++) {
                float[] before = plain.layers().get(state).values();
                float[] after = adapted.layers().get(state).values();
                if (state <= 2) {
                    assertThat(after).containsExactly(before, within(1e-6f));
                } else {
                    assertThat(after).isNotEqualTo(before);
                }
            }
        }
    }

    private static TokenizedDataset part(TokenizedDataset data, int from, int to) {
        return new TokenizedDataset("part", data.rows().subList(from, to), new Labels.None(), 0, data.maxLength());
    }

    private static void assertSame(Representations actual, Representations expected) {
        for (int layer = 0; layer < expected.layers().size(); layer++) {
            assertThat(actual.layers().get(layer).values())
                    .containsExactly(expected.layers().get(layer).values(), within(1e-5f));
        }
    }
}
