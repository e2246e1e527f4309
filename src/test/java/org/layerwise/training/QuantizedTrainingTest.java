package org.layerwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.layerwise.base.Progress;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.Golden;

/** Trainings of PEFT on quantised weights, reproduced from their initial adapters. Full batches with plain AdamW. */
class QuantizedTrainingTest {

    private final TensorEngine engine = Engines.shared();
    private final int liveBefore = engine.liveTensors();

    @AfterEach
    void nothingIsLeft() {
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    @ParameterizedTest
    @MethodSource("org.layerwise.testing.QuantizedFixtures#names")
    void lossesOfAllSteps(String format) {
        var folder = Golden.folder("quantised/" + format);
        JsonNode expected = Json.read(folder.resolve("lora.json")).path("losses");
        try (SafetensorsFile golden = SafetensorsFile.open(folder.resolve("golden.safetensors"));
                TransformerModel base =
                        TransformerModel.load(engine, Checkpoint.open(folder), Engines.device(), Progress.none());
                AdaptedModel model =
                        AdaptedModel.load(base, PeftAdapter.read(folder.resolve("adapter_init"), engine), 0)) {
            TokenBatch tokens = Golden.batch(golden);
            FullBatchTraining training = new FullBatchTraining(
                    model,
                    FullBatchTraining.nextTokens(Golden.longs(golden, "labels"), tokens),
                    FullBatchTraining.batch(tokens));
            assertThat(expected).hasSize(5);
            List<Double> losses = training.train(expected.size());
            for (int step = 0; step < expected.size(); step++) {
                assertThat(losses.get(step))
                        .as("step %s", step + 1)
                        .isCloseTo(expected.path(step).doubleValue(), within(1e-4));
            }
        }
    }
}
