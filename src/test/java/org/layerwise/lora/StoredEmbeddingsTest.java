package org.layerwise.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.model.TransformerModel;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.Golden;

/**
 * Adapters with the base model's frozen token vectors and output layer, which PEFT adds to the file if one of them has
 * an adapter, or with {@code save_embedding_layers=True}.
 */
class StoredEmbeddingsTest {

    private static final LoraConfig CONFIG = PlainLora.config(4, 8, 0, List.of("q_proj", "lm_head"), Set.of(0, 1, 2, 3))
            .withDetails(AdvancedLoraConfig.DEFAULTS.withEveryLayer());

    private final TensorEngine engine = Engines.shared();
    private final int liveBefore = engine.liveTensors();

    @AfterEach
    void nothingIsLeft() {
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    private TransformerModel open(String fixture) {
        return TransformerModel.load(
                engine, Checkpoint.open(Golden.folder(fixture)), Engines.device(), Progress.none());
    }

    private static PeftAdapter.HostTensor stored(String fixture, String name) {
        try (SafetensorsFile file = SafetensorsFile.open(Golden.folder(fixture).resolve("model.safetensors"))) {
            double[] values = Golden.doubles(file, name);
            float[] floats = new float[values.length];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = (float) values[i];
            }
            return new PeftAdapter.HostTensor(floats, file.entry(name).shape());
        }
    }

    private static PeftAdapter adapter(TransformerModel base, String name, PeftAdapter.HostTensor tensor) {
        try (AdaptedModel fresh = AdaptedModel.languageModel(base, CONFIG, 1)) {
            PeftAdapter plain = fresh.toPeft(new BaseModel("base", null));
            Map<String, PeftAdapter.HostTensor> tensors = new HashMap<>(plain.tensors());
            tensors.put(name, tensor);
            return new PeftAdapter("here", plain.config(), plain.taskType(), List.of(), null, tensors);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "llama, base_model.model.lm_head.base_layer.weight, lm_head.weight",
        "llama, base_model.model.lm_head.weight, lm_head.weight",
        "llama, base_model.model.model.embed_tokens.weight, model.embed_tokens.weight",
        "gemma2, base_model.model.lm_head.base_layer.weight, model.embed_tokens.weight"
    })
    void theBaseModelsOwnAreAccepted(String fixture, String name, String inBase) {
        try (TransformerModel base = open(fixture)) {
            PeftAdapter adapter = adapter(base, name, stored(fixture, inBase));
            try (AdaptedModel model = AdaptedModel.load(base, adapter, 0)) {
                assertThat(model.parts().adapters()).containsKey("lm_head");
                assertThat(model.toPeft(new BaseModel("base", null)).tensors()).doesNotContainKey(name);
            }
        }
    }

    @Test
    void othersAreRefused() {
        String name = "base_model.model.lm_head.base_layer.weight";
        try (TransformerModel base = open("llama")) {
            PeftAdapter.HostTensor tensor = stored("llama", "lm_head.weight");
            tensor.values()[7] += 0.01f;
            for (PeftAdapter.HostTensor other :
                    List.of(tensor, new PeftAdapter.HostTensor(new float[48], new long[] {1, 48}))) {
                PeftAdapter adapter = adapter(base, name, other);
                assertThatThrownBy(() -> AdaptedModel.load(base, adapter, 0))
                        .isInstanceOf(UserException.class)
                        .hasMessageStartingWith(
                                "The adapter here holds %s with other values or another shape than", name)
                        .hasMessageContaining(Golden.folder("llama").toString());
            }
        }
    }
}
