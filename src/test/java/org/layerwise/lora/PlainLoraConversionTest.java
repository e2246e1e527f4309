package org.layerwise.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.model.LanguageModelHead;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.Golden;

/** PiSSA as plain LoRA, as PEFT 0.17.1 converts it. */
class PlainLoraConversionTest {

    private static final Path CONVERTED = Golden.folder("lora_llama_pissa_as_lora");

    private final TensorEngine engine = Engines.shared();
    private final int liveBefore = engine.liveTensors();

    @TempDir
    private Path folder;

    @AfterEach
    void nothingIsLeft() {
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    @Test
    void isWhatPeftMakesOfIt() {
        plain().write(folder);

        try (SafetensorsFile expected = SafetensorsFile.open(CONVERTED.resolve("as_lora/adapter_model.safetensors"));
                SafetensorsFile written = SafetensorsFile.open(folder.resolve(PeftAdapter.WEIGHTS))) {
            assertThat(written.names()).containsExactlyInAnyOrderElementsOf(expected.names());
            for (String name : expected.names()) {
                assertThat(written.entry(name).shape())
                        .containsExactly(expected.entry(name).shape());
                assertThat(Golden.doubles(written, name)).containsExactly(Golden.doubles(expected, name));
            }
        }
        JsonNode expected = Json.read(CONVERTED.resolve("as_lora/adapter_config.json"));
        JsonNode written = Json.read(folder.resolve(PeftAdapter.CONFIG));
        expected.properties().forEach(entry -> {
            if (!entry.getKey().equals("target_modules")) {
                assertThat(written.path(entry.getKey())).as(entry.getKey()).isEqualTo(entry.getValue());
            }
        });
    }

    /** Converting those would leave an adapter without what was learnt. */
    @Test
    void onlyATrainedAdapterAndItsOwnPrincipalPart() {
        PeftAdapter trained = read("pissa_final");
        assertThatThrownBy(() -> PlainLoraConversion.of(trained, trained))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("hold the same adapter");
        Path lora = Golden.folder("lora_llama");
        PeftAdapter plain = PeftAdapter.read(lora.resolve("adapter_init"), engine);
        PeftAdapter learnt = PeftAdapter.read(lora.resolve("adapter_final"), engine);
        assertThatThrownBy(() -> PlainLoraConversion.of(learnt, plain))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("is the start of plain LoRA");
    }

    @Test
    void worksOnTheModelAsItIs() {
        try (SafetensorsFile inputs = SafetensorsFile.open(Golden.folder("lora_inputs_llama.safetensors"));
                SafetensorsFile golden = SafetensorsFile.open(CONVERTED.resolve("golden.safetensors"));
                TransformerModel base = TransformerModel.load(
                        engine, Checkpoint.open(Golden.folder("llama")), Engines.device(), Progress.none());
                AdaptedModel model = AdaptedModel.load(base, plain(), 0)) {
            TokenBatch batch = Golden.batch(inputs);
            double[] expected = Golden.doubles(golden, "logits_after");
            double[] actual = logits(model, batch);
            int width = expected.length / batch.mask().length;
            assertThat(actual).hasSameSizeAs(expected);
            for (int i = 0; i < expected.length; i++) {
                if (batch.mask()[i / width] == 1) {
                    assertThat(actual[i]).isCloseTo(expected[i], within(1e-4));
                }
            }
        }
    }

    /** Whatever the scale of single modules, and with DoRA, the converted adapter computes what the trained one does. */
    @ParameterizedTest
    @CsvSource({"false, false", "true, false", "false, true", "true, true"})
    void computesWhatTheTrainedAdapterDoes(boolean rankStabilised, boolean decomposed) {
        try (SafetensorsFile inputs = SafetensorsFile.open(Golden.folder("lora_inputs_llama.safetensors"));
                TransformerModel base = TransformerModel.load(
                        engine, Checkpoint.open(Golden.folder("llama")), Engines.device(), Progress.none())) {
            LoraConfig config = new LoraConfig(
                    4,
                    6,
                    0,
                    base.defaultTargets(),
                    new TreeSet<>(List.of(0, 2)),
                    new LoraVariant(
                            rankStabilised,
                            decomposed,
                            Initialisation.fromWeight("pissa").orElseThrow()),
                    Bias.NONE,
                    Map.of("q_proj", 3),
                    Map.of("v_proj", 5.0),
                    List.of("norm"),
                    AdvancedLoraConfig.DEFAULTS);
            TokenBatch batch = Golden.batch(inputs);
            try (AdaptedModel trained = AdaptedModel.languageModel(base, config, 3)) {
                change(trained);
                PeftAdapter plain = PlainLoraConversion.of(
                        trained.toPeft(new BaseModel("base", null)),
                        trained.initial(new BaseModel("base", null)).orElseThrow());
                assertThat(plain.config().rank()).isEqualTo(8);
                assertThat(plain.config().rankPattern()).isEqualTo(Map.of("q_proj", 6));
                try (AdaptedModel converted = AdaptedModel.load(base, plain, 0)) {
                    assertThat(logits(converted, batch)).containsExactly(logits(trained, batch), within(1e-4));
                    assertThat(converted.parameters())
                            .extracting(Parameter::name)
                            .contains("base_model.model.model.norm.weight");
                }
            }
        }
    }

    @Test
    void adaptersOfTwoTrainingsAreRefused() {
        PeftAdapter trained = read("pissa_final");
        assertThatThrownBy(() -> PlainLoraConversion.of(
                        trained,
                        PeftAdapter.read(Golden.folder("lora_llama_rslora").resolve("adapter_init"), engine)))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("other ranks or alphas")
                .hasMessageContaining("lora_llama_rslora");

        PeftAdapter initial = read("pissa_init");
        Map<String, PeftAdapter.HostTensor> fewer = new HashMap<>(initial.tensors());
        String name = PeftNames.loraA("model.layers.1.self_attn.q_proj");
        fewer.put(name, new PeftAdapter.HostTensor(new float[8], new long[] {4, 2}));
        assertThatThrownBy(() -> PlainLoraConversion.of(trained, with(initial, fewer)))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(name)
                .hasMessageContaining("[4, 48]");
        fewer.remove(name);
        assertThatThrownBy(() -> PlainLoraConversion.of(trained, with(initial, fewer)))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("13 modules")
                .hasMessageContaining("14");
    }

    private static PeftAdapter with(PeftAdapter adapter, Map<String, PeftAdapter.HostTensor> tensors) {
        return new PeftAdapter(adapter.origin(), adapter.config(), null, List.of(), null, tensors);
    }

    private PeftAdapter plain() {
        return PlainLoraConversion.of(read("pissa_final"), read("pissa_init"));
    }

    private PeftAdapter read(String name) {
        return PeftAdapter.read(CONVERTED.resolve(name), engine);
    }

    private static void change(AdaptedModel adapted) {
        Random random = new Random(5);
        Map<String, PeftAdapter.HostTensor> values = adapted.values();
        values.values().forEach(tensor -> {
            for (int i = 0; i < tensor.values().length; i++) {
                tensor.values()[i] += (float) (0.05 * random.nextGaussian());
            }
        });
        adapted.assign(values);
    }

    private double[] logits(AdaptedModel model, TokenBatch batch) {
        try (Scope scope = engine.inference()) {
            return ((LanguageModelHead) model.head())
                    .logits(model.transformer().forward(model.base().input(batch)))
                    .doubles();
        }
    }
}
