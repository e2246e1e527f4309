package org.layerwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
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
import org.layerwise.lora.LoraConfig;
import org.layerwise.lora.LoraGaInitialisation;
import org.layerwise.lora.LoraSettings;
import org.layerwise.lora.LoraVariant;
import org.layerwise.lora.PeftConfig;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.Golden;
import org.layerwise.testing.GoldenBert;

/** A training that starts by LoRA-GA, from the model alone, has the losses of PEFT 0.21.2. */
class LoraGaTrainingTest {

    private static final int STEPS = 8;

    private final TensorEngine engine = Engines.shared();

    @Test
    void lossesOfALanguageModel() {
        int live = engine.liveTensors();
        List<String> targets = List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");
        try (SafetensorsFile inputs = SafetensorsFile.open(Golden.folder("lora_inputs_llama.safetensors"));
                TransformerModel base = TransformerModel.load(
                        engine, Checkpoint.open(Golden.folder("llama")), Engines.device(), Progress.none());
                AdaptedModel model =
                        AdaptedModel.languageModel(base, config("lora-ga", 4, targets, List.of(1, 3)), 5)) {
            TokenBatch tokens = Golden.batch(inputs);
            Objective.NextTokens objective = FullBatchTraining.nextTokens(Golden.longs(inputs, "labels"), tokens);
            assertLosses("llama", model, rows(tokens, objective.labels()), objective, tokens);
        }
        assertThat(engine.liveTensors()).isEqualTo(live);
    }

    @Test
    void lossesOfAClassifier() {
        int live = engine.liveTensors();
        List<String> targets = List.of("query", "value", "attention.output.dense", "intermediate.dense");
        try (SafetensorsFile inputs = SafetensorsFile.open(Golden.folder("lora_inputs_bert.safetensors"));
                TransformerModel base = GoldenBert.model(engine);
                AdaptedModel model =
                        AdaptedModel.classifier(base, config("rslora+lora-ga", 3, targets, List.of(0, 2)), 3, 5)) {
            TokenizedDataset rows = GoldenBert.data();
            Objective objective = new Objective.Classification((Labels.Classes) rows.labels(), 3);
            assertLosses("bert", model, rows, objective, Golden.batch(inputs));
        }
        assertThat(engine.liveTensors()).isEqualTo(live);
    }

    private static void assertLosses(
            String fixture, AdaptedModel model, TokenizedDataset rows, Objective objective, TokenBatch tokens) {
        JsonNode golden =
                Json.read(Golden.folder("lora_%s_ga".formatted(fixture)).resolve("lora.json"));
        LoraGaInitialisation.assign(model, rows, 1 << 30, Progress.none());
        FullBatchTraining training = new FullBatchTraining(model, objective, FullBatchTraining.batch(tokens));
        List<Double> losses = training.train(STEPS);
        losses.add(training.loss());
        assertThat(golden.path("losses")).hasSize(losses.size());
        for (int i = 0; i < losses.size(); i++) {
            double expected = golden.path("losses").get(i).asDouble();
            assertThat(losses.get(i)).as("step " + i).isCloseTo(expected, within(1e-4));
        }
    }

    private static LoraConfig config(String variant, int rank, List<String> targets, List<Integer> layers) {
        return PeftConfig.of(
                        SettingValues.none()
                                .with(LoraSettings.VARIANT, LoraVariant.of(variant))
                                .with(LoraSettings.RANK, rank)
                                .with(LoraSettings.ALPHA, 6.0),
                        new TreeSet<>(layers),
                        List.of(),
                        targets,
                        null,
                        null)
                .lora(List.of());
    }

    private static TokenizedDataset rows(TokenBatch batch, Labels.TokenLabels labels) {
        List<TokenRow> rows = IntStream.range(0, batch.size())
                .mapToObj(row -> new TokenRow(
                        Arrays.copyOfRange(batch.ids(), row * batch.length(), (row + 1) * batch.length()), null, null))
                .toList();
        return new TokenizedDataset("rows", rows, labels, 0, batch.length());
    }
}
