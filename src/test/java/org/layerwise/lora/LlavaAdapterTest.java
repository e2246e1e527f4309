package org.layerwise.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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

/** Adapters of LLaVA: for its language model alone, under the names of transformers 4.55, read under the older ones too. */
class LlavaAdapterTest {

    private static final Path STORED = Golden.folder("lora_llava").resolve("adapter_final");

    private static final String NOW = "base_model.model.model.language_model.";

    private final TensorEngine engine = Engines.shared();
    private final int liveBefore = engine.liveTensors();

    @TempDir
    private Path folder;

    @AfterEach
    void nothingIsLeft() {
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    /** Before 4.52 the language model was a whole one inside LLaVA; targets of that time may be bare names, too. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\".*language_model\\\\.model\\\\.layers\\\\.(1|3)\\\\..*_proj\"",
                "\".*language_model.*\\\\.layers\\\\.(1|3)\\\\.(self_attn|mlp)\\\\..*\"",
                "[\"q_proj\", \"k_proj\", \"v_proj\", \"o_proj\", \"gate_proj\", \"up_proj\", \"down_proj\"]"
            })
    void olderNamesMeanTheSame(String targets) throws Exception {
        ObjectNode config = (ObjectNode) Json.read(STORED.resolve(PeftAdapter.CONFIG));
        config.set("target_modules", Json.parse(targets));
        if (targets.startsWith("[")) {
            config.putArray("layers_to_transform").add(1).add(3);
        }
        PeftAdapter stored = PeftAdapter.read(STORED, engine);
        Map<String, PeftAdapter.HostTensor> older = new HashMap<>();
        stored.tensors()
                .forEach((name, tensor) ->
                        older.put(name.replace(NOW, "base_model.model.language_model.model."), tensor));
        assertThat(older.keySet()).noneMatch(name -> name.startsWith(NOW));
        new PeftAdapter("here", stored.config(), null, List.of(), null, older).write(folder);
        Json.write(folder.resolve(PeftAdapter.CONFIG), config);

        try (TransformerModel base = base();
                AdaptedModel expected = AdaptedModel.load(base, stored, 0);
                AdaptedModel actual = AdaptedModel.load(base, PeftAdapter.read(folder, engine), 0)) {
            assertThat(logits(actual)).containsExactly(logits(expected), within(1e-6));
            assertThat(actual.toPeft(new BaseModel("base", null)).tensors().keySet())
                    .isEqualTo(stored.tensors().keySet());
        }
    }

    @Test
    void targetsAreWrittenAsAnExpressionForTheLanguageModel() {
        JsonNode stored = Json.read(STORED.resolve(PeftAdapter.CONFIG));
        try (TransformerModel base = base()) {
            LoraConfig config = PlainLora.config(4, 8, 0, base.defaultTargets(), Set.of(1, 3));
            assertThat(written(base, config).path("target_modules")).isEqualTo(stored.path("target_modules"));

            JsonNode all = written(base, PlainLora.config(4, 8, 0, List.of("all-linear"), Set.of(0, 1, 2, 3)));
            Pattern targets = Pattern.compile(all.path("target_modules").asText());
            base.blueprint().linears().forEach(linear -> assertThat(linear.name())
                    .matches(targets));
            for (String other : List.of(
                    "model.vision_tower.vision_model.encoder.layers.1.self_attn.q_proj",
                    "model.multi_modal_projector.linear_1",
                    "lm_head")) {
                assertThat(other).doesNotMatch(targets);
            }
            assertThat(all.path("layers_to_transform").isNull()).isTrue();
            assertThat(all.path("auto_mapping")).isEqualTo(stored.path("auto_mapping"));
            assertThat(all.path("task_type").isNull()).isTrue();
        }
    }

    private JsonNode written(TransformerModel base, LoraConfig config) {
        try (AdaptedModel model = AdaptedModel.languageModel(base, config, 1)) {
            model.toPeft(new BaseModel("base", null)).write(folder);
        }
        return Json.read(folder.resolve(PeftAdapter.CONFIG));
    }

    /** Bare names mean the vision tower to PEFT, which then has adapters of its own. */
    @Test
    void adaptersOnTheVisionTowerAreRefused() {
        PeftAdapter stored = PeftAdapter.read(STORED, engine);
        Map<String, PeftAdapter.HostTensor> more = new HashMap<>(stored.tensors());
        String module = "base_model.model.model.vision_tower.vision_model.encoder.layers.1.self_attn.q_proj";
        more.put(module + ".lora_A.weight", new PeftAdapter.HostTensor(new float[4 * 32], new long[] {4, 32}));
        more.put(module + ".lora_B.weight", new PeftAdapter.HostTensor(new float[32 * 4], new long[] {32, 4}));
        PeftAdapter seeing = new PeftAdapter("here", stored.config(), null, List.of(), null, more);
        try (TransformerModel base = base()) {
            assertThatThrownBy(() -> AdaptedModel.load(base, seeing, 0))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("trains what sees images")
                    .hasMessageContaining("vision_tower");
        }
    }

    private TransformerModel base() {
        return TransformerModel.load(
                engine, Checkpoint.open(Golden.folder("llava")), Engines.device(), Progress.none());
    }

    private double[] logits(AdaptedModel model) {
        try (SafetensorsFile inputs = SafetensorsFile.open(Golden.folder("lora_inputs_llava.safetensors"));
                Scope scope = engine.inference()) {
            TokenBatch batch = Golden.batch(inputs);
            return ((LanguageModelHead) model.head())
                    .logits(model.transformer().forward(model.base().input(batch)))
                    .doubles();
        }
    }
}
