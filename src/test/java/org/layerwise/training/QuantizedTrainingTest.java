package org.layerwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.Progress;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.data.Labels;
import org.layerwise.data.batch.Batch;
import org.layerwise.data.batch.Piece;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.Parameter;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.input.ModelInput;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.ParameterOps;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;
import org.layerwise.testing.Golden;

/** Trainings of PEFT on quantised weights, reproduced from their initial adapters. Full batches with plain AdamW. */
class QuantizedTrainingTest {

    private static final double RATE = 0.005;
    private static final double DECAY = 0.01;

    private final TensorEngine engine = Engines.shared();
    private final int liveBefore = engine.liveTensors();

    @AfterEach
    void nothingIsLeft() {
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "awq_gemm",
                "bnb_fp4",
                "bnb_int8",
                "bnb_nf4",
                "bnb_nf4_double",
                "bnb_nf4_some",
                "ct_float8",
                "ct_pack_int4",
                "fp8_block",
                "fp8_block_bf16",
                "gptq_int4",
                "mxfp4_gpt_oss"
            })
    void lossesOfAllSteps(String format) {
        var folder = Golden.folder("quantised/" + format);
        JsonNode expected = Json.read(folder.resolve("lora.json")).path("losses");
        try (SafetensorsFile golden = SafetensorsFile.open(folder.resolve("golden.safetensors"));
                TransformerModel base =
                        TransformerModel.load(engine, Checkpoint.open(folder), Engines.device(), Progress.none());
                AdaptedModel model =
                        AdaptedModel.load(base, PeftAdapter.read(folder.resolve("adapter_init"), engine), 0)) {
            TokenBatch tokens = Golden.batch(golden);
            Batch batch = new Batch(IntStream.range(0, tokens.size()).toArray(), tokens);
            Objective objective = new Objective.NextTokens(labels(Golden.longs(golden, "labels"), tokens));
            assertThat(expected).hasSize(5);
            train(model, objective, batch, expected);
        }
    }

    private static Labels.TokenLabels labels(long[] flat, TokenBatch tokens) {
        long[][] rows = new long[tokens.size()][tokens.length()];
        for (int i = 0; i < flat.length; i++) {
            rows[i / tokens.length()][i % tokens.length()] = flat[i];
        }
        return new Labels.TokenLabels(rows);
    }

    private void train(AdaptedModel model, Objective objective, Batch batch, JsonNode expected) {
        List<Tensor> weights = model.parameters().stream().map(Parameter::value).toList();
        try (TensorOwner owner = engine.owner()) {
            List<Tensor> first = zeros(owner, weights);
            List<Tensor> second = zeros(owner, weights);
            for (int step = 1; step <= expected.size(); step++) {
                assertThat(backward(model, objective, batch))
                        .as("step %s", step)
                        .isCloseTo(expected.path(step - 1).doubleValue(), within(1e-4));
                try (Scope scope = engine.inference()) {
                    List<Tensor> gradients =
                            weights.stream().map(Tensor::gradient).toList();
                    ParameterOps.adamW(weights, gradients, first, second, RATE, 0.9, 0.999, 1e-8, DECAY, step);
                    weights.forEach(Tensor::zeroGradient);
                }
            }
        }
    }

    private double backward(AdaptedModel model, Objective objective, Batch batch) {
        try (Scope scope = engine.training()) {
            ModelInput input = model.base().input(batch.tokens());
            Tensor hidden = model.training(ModelConfig.Dropout.NONE).forward(input);
            Tensor loss =
                    objective.loss(model.trainingHead(), hidden, input, Piece.of(batch), ModelConfig.Dropout.NONE);
            loss.backward();
            return loss.item();
        }
    }

    private List<Tensor> zeros(TensorOwner owner, List<Tensor> like) {
        try (Scope scope = engine.inference()) {
            return like.stream()
                    .map(tensor -> owner.adopt(engine.zeros(tensor.dtype(), tensor.device(), tensor.shape())))
                    .toList();
        }
    }
}
