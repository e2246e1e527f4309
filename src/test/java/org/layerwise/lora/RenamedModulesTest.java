package org.layerwise.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.model.TransformerModel;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.Golden;

/** The output layer of GPT-NeoX: embed_out in transformers 4, lm_head in transformers 5. */
class RenamedModulesTest {

    private static final String EARLIER = "base_model.model.embed_out.";
    private static final String LATER = "base_model.model.lm_head.";
    private static final BaseModel BASE = new BaseModel("base", null);

    private final TensorEngine engine = Engines.shared();
    private TransformerModel base;

    @TempDir
    private Path folder;

    @BeforeEach
    void open() {
        base = TransformerModel.load(
                engine, Checkpoint.open(Golden.folder("v5/gpt_neox")), Engines.device(), Progress.none());
    }

    @AfterEach
    void close() {
        base.close();
    }

    @Test
    void adaptersAreWrittenUnderBothNames() {
        PeftAdapter adapter = adapter(config("embed_out"));

        adapter.write(folder);

        PeftAdapter stored = PeftAdapter.read(folder, engine);
        assertThat(Json.read(folder.resolve("adapter_config.json")).path("target_modules"))
                .extracting(target -> target.asText())
                .containsExactlyInAnyOrder("embed_out", "lm_head", "query_key_value");
        assertThat(stored.tensors().keySet())
                .filteredOn(name -> name.startsWith(LATER))
                .hasSize(2);
        for (String part : List.of("lora_A.weight", "lora_B.weight")) {
            assertThat(stored.tensors().get(LATER + part).values())
                    .containsExactly(stored.tensors().get(EARLIER + part).values());
        }
        assertLoads(stored, adapter);
    }

    @Test
    void eitherNameIsRead() {
        PeftAdapter both = adapter(config("lm_head"));
        assertThat(both.config().targetModules()).containsExactly("query_key_value", "embed_out", "lm_head");
        for (String left : List.of(EARLIER, LATER)) {
            Map<String, PeftAdapter.HostTensor> tensors = new HashMap<>(both.tensors());
            tensors.keySet().removeIf(name -> name.startsWith(left));
            assertThat(tensors).hasSize(both.tensors().size() - 2);
            assertLoads(with(both, tensors), both);
        }
    }

    @Test
    void twoThatDifferAreRefused() {
        PeftAdapter both = adapter(config("embed_out"));
        Map<String, PeftAdapter.HostTensor> tensors = new HashMap<>(both.tensors());
        PeftAdapter.HostTensor a = tensors.get(LATER + "lora_A.weight");
        float[] values = a.values().clone();
        values[0] += 1;
        tensors.put(LATER + "lora_A.weight", new PeftAdapter.HostTensor(values, a.shape()));

        assertThatThrownBy(() -> AdaptedModel.load(base, with(both, tensors), 0))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(LATER + "lora_A.weight");
    }

    private static LoraConfig config(String output) {
        return PlainLora.config(4, 8, 0, List.of("query_key_value", output), Set.of(0, 1))
                .withDetails(AdvancedLoraConfig.DEFAULTS.withEveryLayer());
    }

    /** Returns an adapter whose B are not zero. */
    private PeftAdapter adapter(LoraConfig config) {
        try (AdaptedModel fresh = AdaptedModel.languageModel(base, config, 1)) {
            PeftAdapter adapter = fresh.toPeft(BASE);
            Map<String, PeftAdapter.HostTensor> tensors = new HashMap<>();
            adapter.tensors().forEach((name, tensor) -> {
                float[] values = tensor.values().clone();
                for (int i = 0; i < values.length; i++) {
                    values[i] += 0.01f * (i % 7);
                }
                tensors.put(name, new PeftAdapter.HostTensor(values, tensor.shape()));
            });
            return with(adapter, tensors);
        }
    }

    private void assertLoads(PeftAdapter adapter, PeftAdapter expected) {
        try (AdaptedModel model = AdaptedModel.load(base, adapter, 0)) {
            assertThat(model.parts().adapters()).containsKey("embed_out");
            Map<String, PeftAdapter.HostTensor> tensors = model.toPeft(BASE).tensors();
            assertThat(tensors).hasSameSizeAs(expected.tensors());
            tensors.forEach((name, tensor) -> assertThat(tensor.values())
                    .as(name)
                    .containsExactly(expected.tensors().get(name).values(), within(0f)));
        }
    }

    private static PeftAdapter with(PeftAdapter adapter, Map<String, PeftAdapter.HostTensor> tensors) {
        return new PeftAdapter("here", adapter.config(), adapter.taskType(), List.of(), null, tensors);
    }
}
