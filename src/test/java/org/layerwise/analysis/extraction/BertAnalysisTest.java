package org.layerwise.analysis.extraction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.RepresentationsFile;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.base.Progress;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.Golden;
import org.layerwise.testing.GoldenBert;

/** Representations and CKA of the tiny BERT against what the reference's way gives in float64. */
class BertAnalysisTest {

    private final TensorEngine engine = Engines.shared();
    private final SafetensorsFile golden =
            SafetensorsFile.open(Golden.folder("bert").resolve("golden.safetensors"));
    private final TransformerModel model = GoldenBert.model(engine);

    @AfterEach
    void close() {
        model.close();
        golden.close();
    }

    private Representations extract(Position position) {
        return new RepresentationExtractor(model).extract(GoldenBert.data(), position, Progress.none());
    }

    @Test
    void linearCkaOfConsecutiveLayers() {
        Representations representations = extract(Position.FIRST);
        SimilarityMatrix matrix =
                new LinearCka(engine).allPairs(representations, Engines.device(), Progress.none(), partial -> {});
        LayerImportance importance = LayerImportance.of(matrix);
        JsonNode expected = Json.read(Golden.folder("bert").resolve("cka.json"));
        assertThat(importance.of(0)).isEmpty();
        for (int layer = 1; layer < 4; layer++) {
            assertThat(1 - importance.of(layer).orElseThrow())
                    .isCloseTo(expected.path("cka_float64").path(layer).asDouble(), within(1e-4));
        }
        assertThat(importance.ranking(UndefinedLayers.EXCLUDE)).containsExactly(3, 2, 1);
        assertThat(importance.ranking(UndefinedLayers.INCLUDE)).containsExactly(0, 3, 2, 1);
    }

    @Test
    void everyPositionTakesItsTokens() {
        Representations first = extract(Position.FIRST);
        Representations last = extract(Position.LAST);
        Representations mean = extract(Position.MEAN);
        TokenBatch batch = Golden.batch(golden);
        int width = model.config().hiddenSize();
        for (int state = 0; state <= 4; state++) {
            double[] hidden = Golden.doubles(golden, "hidden_states." + state);
            for (int row = 0; row < batch.size(); row++) {
                int length = GoldenBert.data().rows().get(row).length();
                for (int column = 0; column < width; column++) {
                    int at = row * batch.length() * width + column;
                    double sum = 0;
                    for (int token = 0; token < length; token++) {
                        sum += hidden[at + token * width];
                    }
                    assertThat((double) first.layers().get(state).at(row, column))
                            .isCloseTo(hidden[at], within(1e-4));
                    assertThat((double) last.layers().get(state).at(row, column))
                            .isCloseTo(hidden[at + (length - 1) * width], within(1e-4));
                    assertThat((double) mean.layers().get(state).at(row, column))
                            .isCloseTo(sum / length, within(1e-4));
                }
            }
        }
    }

    @Test
    void representationsSurviveTheirFile(@TempDir Path folder) {
        Representations written = extract(Position.MEAN);
        Path file = folder.resolve("states.safetensors");
        RepresentationsFile.write(file, written, "tiny", "golden", null);
        RepresentationsFile.Content read = RepresentationsFile.read(file);
        assertThat(read.model()).hasValue("tiny");
        assertThat(read.representations().position()).isEqualTo(Position.MEAN);
        for (int state = 0; state <= 4; state++) {
            assertThat(read.representations().layers().get(state).values())
                    .containsExactly(written.layers().get(state).values());
        }
    }
}
