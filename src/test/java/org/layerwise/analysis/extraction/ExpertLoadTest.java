package org.layerwise.analysis.extraction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.analysis.ExpertLoad;
import org.layerwise.analysis.Position;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.chart.heatmap.ExpertLoadCsv;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.LayerStream;
import org.layerwise.model.ModelBlueprint;
import org.layerwise.model.TransformerModel;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.Golden;
import org.layerwise.testing.GoldenData;

/** Tokens of each expert as the routers of transformers 5 send them (src/test/python/expert_load_golden.py). */
class ExpertLoadTest {

    private final TensorEngine engine = Engines.shared();

    @TempDir
    private Path folder;

    private static ExpertLoad golden(String fixture) {
        List<List<Long>> tokens = new ArrayList<>();
        for (JsonNode layer :
                Json.read(Golden.folder(fixture).resolve("expert_load.json")).path("tokens")) {
            List<Long> counts = new ArrayList<>();
            layer.forEach(count -> counts.add(count.longValue()));
            tokens.add(counts);
        }
        return new ExpertLoad(tokens);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v5/mixtral",
                "v5/qwen3_moe",
                "v5/olmoe",
                "v5/gpt_oss",
                "v5/qwen3_next",
                "v5/qwen3_5_moe",
                "v5/gemma4_moe"
            })
    void tokensAreThoseOfTransformers(String fixture) {
        ExpertLoad golden = golden(fixture);
        assertThat(golden.layers()).isNotEmpty();
        TokenizedDataset data = GoldenData.rows(fixture);
        try (Checkpoint checkpoint = Checkpoint.open(Golden.folder(fixture));
                TransformerModel model = TransformerModel.load(engine, checkpoint, Engines.device(), Progress.none())) {
            Extraction whole = new RepresentationExtractor(model).extract(data, Position.LAST, false, Progress.none());
            assertThat(whole.expertLoad()).hasValue(golden);
            LayerStream stream =
                    new LayerStream(engine, ModelBlueprint.read(engine, checkpoint), Engines.device(), DType.F32);
            assertThat(new LayeredExtractor(stream, Long.MAX_VALUE, folder)
                            .extract(data, Position.LAST, false, Progress.none())
                            .expertLoad())
                    .as("one layer at a time")
                    .hasValue(golden);
        }
    }

    @Test
    void modelWithoutExpertsHasNone() {
        try (Checkpoint checkpoint = Checkpoint.open(Golden.folder("llama"));
                TransformerModel model = TransformerModel.load(engine, checkpoint, Engines.device(), Progress.none())) {
            assertThat(new RepresentationExtractor(model)
                            .extract(GoldenData.rows("llama"), Position.LAST, false, Progress.none())
                            .expertLoad())
                    .isEmpty();
        }
    }

    @Test
    void entropyIsThatOfTheShares() {
        // a dense layer, an even one, one with a single busy expert, and 1/2, 1/4, 1/4, 0
        ExpertLoad load = new ExpertLoad(
                List.of(List.of(), List.of(3L, 3L, 3L, 3L), List.of(0L, 0L, 9L, 0L), List.of(4L, 2L, 2L, 0L)));

        assertThat(load.layers()).containsExactly(1, 2, 3);
        assertThat(load.experts()).isEqualTo(4);
        assertThat(load.entropy(1)).isCloseTo(2, within(1e-12));
        assertThat(load.entropy(2)).isZero();
        assertThat(load.entropy(3)).isCloseTo(1.5, within(1e-12));
        assertThat(load.maximumEntropy(3)).isCloseTo(2, within(1e-12));
        assertThat(load.share(3, 0)).isEqualTo(0.5);
        assertThat(load.summary())
                .isEqualTo(
                        "Tokens are spread over experts least evenly in layer 2: entropy 0.000 of 2.000 bits, 100.0 % for expert 2 (even: 25.0 %).");
        assertThat(ExpertLoadCsv.text(load))
                .isEqualTo("layer,entropy,0,1,2,3\n1,2.0,3,3,3,3\n2,0.0,0,0,9,0\n3,1.5,4,2,2,0\n");
        assertThat(load.plus(load).tokens().get(3)).containsExactly(8L, 4L, 4L, 0L);
    }

    @Test
    void negativeNumbersAreRefused() {
        assertThatThrownBy(() -> new ExpertLoad(List.of(List.of(1L, -1L))))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("negative number of tokens");
    }
}
