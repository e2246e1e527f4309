package org.layerwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.data.Labels;
import org.layerwise.data.batch.Batch;
import org.layerwise.data.batch.Piece;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.Initialisation;
import org.layerwise.lora.LoraConfig;
import org.layerwise.lora.LoraSettings;
import org.layerwise.lora.LoraVariant;
import org.layerwise.lora.Parameter;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.lora.PeftConfig;
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

/** PiSSA and OLoRA from the initial adapter that PEFT keeps for its conversion, whose file says plain LoRA. */
class WeightPartTest {

    private static final Initialisation.Pissa PISSA = new Initialisation.Pissa(OptionalInt.empty());

    private final TensorEngine engine = Engines.shared();
    private final int liveBefore = engine.liveTensors();

    @AfterEach
    void nothingIsLeft() {
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    @Test
    void itsLossesAreThoseOfPeft() {
        List<Double> losses = new ArrayList<>();
        try (TransformerModel base = base();
                AdaptedModel model =
                        AdaptedModel.fromTakenOut(base, initial("lora_llama_pissa_as_lora/pissa_init"), PISSA, 0);
                SafetensorsFile inputs = SafetensorsFile.open(Golden.folder("lora_inputs_llama.safetensors"));
                TensorOwner owner = engine.owner()) {
            TokenBatch tokens = Golden.batch(inputs);
            Batch batch = new Batch(IntStream.range(0, tokens.size()).toArray(), tokens);
            Objective objective = objective(Golden.longs(inputs, "labels"), tokens);
            List<Tensor> weights =
                    model.parameters().stream().map(Parameter::value).toList();
            List<Tensor> first = zeros(owner, weights);
            List<Tensor> second = zeros(owner, weights);
            for (int step = 1; step <= 4; step++) {
                try (Scope scope = engine.training()) {
                    ModelInput input = base.input(tokens);
                    Tensor hidden = model.training(ModelConfig.Dropout.NONE).forward(input);
                    Tensor loss = objective.loss(
                            model.trainingHead(), hidden, input, Piece.of(batch), ModelConfig.Dropout.NONE);
                    loss.backward();
                    losses.add(loss.item());
                }
                try (Scope scope = engine.inference()) {
                    List<Tensor> gradients =
                            weights.stream().map(Tensor::gradient).toList();
                    ParameterOps.adamW(weights, gradients, first, second, 0.005, 0.9, 0.999, 1e-8, 0.01, step);
                    weights.forEach(Tensor::zeroGradient);
                }
            }
        }
        List<Double> expected = new ArrayList<>();
        Json.read(Golden.folder("lora_llama_pissa_as_lora/losses.json"))
                .path("losses")
                .forEach(loss -> expected.add(loss.asDouble()));
        assertThat(expected).hasSize(4);
        for (int i = 0; i < 4; i++) {
            assertThat(losses.get(i)).as("step %d", i + 1).isCloseTo(expected.get(i), within(1e-4));
        }
    }

    /** The start of other adapters, and an adapter that was trained, are no part of a weight. */
    @Test
    void anAdapterThatIsNoPrincipalPartIsRefused() {
        try (TransformerModel base = base()) {
            for (String adapter : List.of("lora_llama/adapter_init", "lora_llama_rslora/adapter_final")) {
                PeftAdapter start = initial(adapter);
                assertThatThrownBy(() -> AdaptedModel.fromTakenOut(base, start, PISSA, 0))
                        .isInstanceOf(UserException.class)
                        .hasMessageContaining(adapter)
                        .hasMessageContaining("was not made by PiSSA");
            }
        }
    }

    @Test
    void theStartOfOloraIsKnownByItsShape() {
        Initialisation.Olora olora = new Initialisation.Olora();
        try (TransformerModel base = base();
                AdaptedModel model =
                        AdaptedModel.fromTakenOut(base, initial("lora_llama_olora/adapter_init"), olora, 0)) {
            assertThat(model.config().variant().initialisation()).isEqualTo(olora);
            for (String adapter : List.of(
                    "lora_llama/adapter_init", "lora_llama_rslora/adapter_final", "lora_llama_pissa/adapter_init")) {
                PeftAdapter start = initial(adapter);
                assertThatThrownBy(() -> AdaptedModel.fromTakenOut(base, start, olora, 0))
                        .isInstanceOf(UserException.class)
                        .hasMessageContaining("was not made by OLoRA");
            }
        }
    }

    /** PEFT decomposes the weights of GPT-2 as they are stored, turned. */
    @Test
    void oloraOfTurnedWeightsIsRefused() {
        LoraConfig config = PeftConfig.of(
                        SettingValues.none().with(LoraSettings.VARIANT, LoraVariant.of("olora")),
                        new TreeSet<>(List.of(0)),
                        List.of(),
                        List.of("c_attn"),
                        null,
                        null)
                .lora(List.of());
        try (TransformerModel gpt2 = TransformerModel.load(
                engine, Checkpoint.open(Golden.folder("gpt2")), Engines.device(), Progress.none())) {
            assertThatThrownBy(() -> AdaptedModel.languageModel(gpt2, config, 1))
                    .isInstanceOf(UserException.class)
                    .hasMessage(
                            "gpt2 stores its linear modules turned, for which PEFT has no OLoRA; choose --variant pissa.");
        }
    }

    private TransformerModel base() {
        return TransformerModel.load(
                engine, Checkpoint.open(Golden.folder("llama")), Engines.device(), Progress.none());
    }

    private PeftAdapter initial(String adapter) {
        return PeftAdapter.read(Golden.folder(adapter), engine);
    }

    private static Objective objective(long[] labels, TokenBatch tokens) {
        long[][] rows = new long[tokens.size()][tokens.length()];
        for (int i = 0; i < labels.length; i++) {
            rows[i / tokens.length()][i % tokens.length()] = labels[i];
        }
        return new Objective.NextTokens(new Labels.TokenLabels(rows));
    }

    private List<Tensor> zeros(TensorOwner owner, List<Tensor> like) {
        try (Scope scope = engine.inference()) {
            return like.stream()
                    .map(tensor -> owner.adopt(engine.zeros(tensor.dtype(), tensor.device(), tensor.shape())))
                    .toList();
        }
    }
}
