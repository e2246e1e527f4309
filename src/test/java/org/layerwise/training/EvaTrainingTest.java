package org.layerwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.layerwise.base.Progress;
import org.layerwise.base.json.Json;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.data.Labels;
import org.layerwise.data.TokenRow;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.EvaInitialisation;
import org.layerwise.lora.LoraConfig;
import org.layerwise.lora.LoraSettings;
import org.layerwise.lora.LoraVariant;
import org.layerwise.lora.PeftConfig;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.config.RowPadding;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.Golden;

/** A training that starts by EVA, from the model alone, has the losses of PEFT 0.21.2. */
class EvaTrainingTest {

    private final TensorEngine engine = Engines.shared();

    @Test
    void lossesOfAllSteps() {
        JsonNode golden = Json.read(Golden.folder("lora_llama_eva").resolve("lora.json"));
        int live = engine.liveTensors();
        try (SafetensorsFile inputs = SafetensorsFile.open(Golden.folder("lora_inputs_llama.safetensors"));
                TransformerModel base = TransformerModel.load(
                        engine, Checkpoint.open(Golden.folder("llama")), Engines.device(), Progress.none());
                AdaptedModel model = AdaptedModel.languageModel(base, config(base), 5)) {
            TokenBatch tokens = Golden.batch(inputs);
            EvaInitialisation.assign(model, rows(tokens), new RowPadding(0, Integer.MAX_VALUE), Progress.none());

            List<Double> losses = new FullBatchTraining(
                            model,
                            FullBatchTraining.nextTokens(Golden.longs(inputs, "labels"), tokens),
                            FullBatchTraining.batch(tokens))
                    .train(golden.path("losses").size());

            for (int i = 0; i < losses.size(); i++) {
                assertThat(losses.get(i)).isCloseTo(golden.path("losses").get(i).asDouble(), within(1e-4));
            }
        }
        assertThat(engine.liveTensors()).isEqualTo(live);
    }

    private static LoraConfig config(TransformerModel base) {
        return PeftConfig.of(
                        SettingValues.none()
                                .with(LoraSettings.VARIANT, LoraVariant.of("eva"))
                                .with(LoraSettings.RANK, 4)
                                .with(LoraSettings.ALPHA, 6.0),
                        new TreeSet<>(List.of(1, 3)),
                        List.of(),
                        base.defaultTargets(),
                        null,
                        null)
                .lora(List.of());
    }

    private static TokenizedDataset rows(TokenBatch batch) {
        List<TokenRow> rows = new ArrayList<>();
        for (int row = 0; row < batch.size(); row++) {
            int start = row * batch.length();
            int length = (int)
                    Arrays.stream(batch.mask(), start, start + batch.length()).sum();
            int first = batch.mask()[start] == 1 ? start : start + batch.length() - length;
            rows.add(new TokenRow(Arrays.copyOfRange(batch.ids(), first, first + length), null, null));
        }
        return new TokenizedDataset("rows", rows, new Labels.None(), 0, batch.length());
    }
}
