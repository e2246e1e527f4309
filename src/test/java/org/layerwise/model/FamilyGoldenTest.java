package org.layerwise.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.Progress;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.checkpoint.SafetensorsWriter;
import org.layerwise.checkpoint.TensorEntry;
import org.layerwise.model.config.ModelConfig;
import org.layerwise.model.input.ModelInput;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.tensor.TensorOwner;
import org.layerwise.testing.Float32Limit;
import org.layerwise.testing.Golden;

/** Hidden states, logits and loss of HuggingFace's classes, family by family and option by option. */
class FamilyGoldenTest {

    private final TensorEngine engine = Engines.shared();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert",
                "bert_regression",
                "roberta",
                "roberta_base_model",
                "roberta_regression",
                "xlm_roberta",
                "electra",
                "distilbert",
                "distilbert_sinusoidal",
                "deberta_v3",
                "deberta_v3_regression",
                "deberta_v2_conv",
                "modernbert",
                "modernbert_mean",
                "llama",
                "llama_base_model",
                "llama_biases",
                "llama_dynamic",
                "llama_f16",
                "llama_f64",
                "llama_linear",
                "llama_pad_is_eos_seqcls",
                "llama_rope3",
                "llama_seqcls",
                "llama_sharded_bf16",
                "llama_yarn",
                "llama_yarn_attention",
                "llama_yarn_mscale",
                "mistral",
                "mistral_seqcls",
                "mistral_window",
                "qwen2",
                "qwen2_seqcls",
                "qwen2_window",
                "qwen3",
                "qwen3_window",
                "phi3",
                "phi3_longrope",
                "phi3_longrope_short",
                "phi3_partial",
                "phi3_window",
                "gemma",
                "gemma_full_kv",
                "gemma_rope_types",
                "gemma2",
                "gemma2_seqcls",
                "gpt2",
                "gpt2_scaled",
                "gpt2_seqcls",
                "llava",
                "llava_full",
                "llava_list_layers",
                "llava_new_names",
                "v5/llama_v5",
                "v5/llama_v5_llama3",
                "v5/llama_v5_yarn",
                "v5/llama_seqcls_v5",
                "v5/mistral_v5",
                "v5/qwen2_v5",
                "v5/qwen3_v5",
                "v5/phi3_v5",
                "v5/gemma2_v5",
                "v5/gemma3_text",
                "v5/embeddinggemma",
                "v5/cohere",
                "v5/cohere2",
                "v5/glm",
                "v5/glm4",
                "v5/granite",
                "v5/olmo2",
                "v5/olmo3",
                "v5/smollm3",
                "v5/starcoder2",
                "v5/gpt_neox",
                "v5/ministral3",
                "v5/eurobert",
                "v5/mixtral",
                "v5/olmoe",
                "v5/qwen3_moe",
                "v5/gpt_oss",
                "v5/qwen3_next",
                "v5/qwen3_5",
                "v5/qwen3_5_vl",
                "v5/qwen3_5_moe",
                "v5/qwen3_5_moe_joined",
                "v5/gemma4_dense",
                "v5/gemma4_moe",
                "v5/gemma4_e",
                "v5/gemma3",
                "v5/gemma4",
                "v5/mistral3",
                "v5/mistral3_ministral3",
                "v5/qwen2_5_vl",
                "v5/qwen3_vl",
                "v5/modernbert_v5"
            })
    @MethodSource("org.layerwise.testing.QuantizedFixtures#folders")
    void equalsHuggingFace(String fixture) {
        int liveBefore = engine.liveTensors();
        try (SafetensorsFile golden =
                        SafetensorsFile.open(Golden.folder(fixture).resolve("golden.safetensors"));
                TransformerModel model = TransformerModel.load(
                        engine, Checkpoint.open(Golden.folder(fixture)), Engines.device(), Progress.none())) {
            TokenBatch batch = Golden.batch(golden);
            hiddenStates(model, batch, golden);
            if (golden.has("logits")) {
                logitsAndLoss(model, batch, golden);
            }
            if (golden.has("image_features")) {
                images(model, batch, golden);
            }
            assertThat(model.blueprint().missing()).isEmpty();
            if (engine.packs(Engines.device(), DType.F32)) {
                packedHiddenStates(model.blueprint(), batch, golden);
            }
        }
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    /** Transformers 5 saves the vision tower of LLaVA without {@code vision_model} in its names. */
    @Test
    void llavaWithTheNamesOfTransformers5(@TempDir Path folder) throws IOException {
        Path fixture = Golden.folder("llava");
        Files.copy(fixture.resolve("config.json"), folder.resolve("config.json"));
        try (SafetensorsFile file = SafetensorsFile.open(fixture.resolve("model.safetensors"))) {
            List<SafetensorsWriter.Named> tensors = new ArrayList<>();
            for (String name : file.names()) {
                TensorEntry entry = file.entry(name);
                tensors.add(SafetensorsWriter.Named.of(
                        name.replace("vision_model.", ""), entry.type(), entry.shape(), file.bytes(name)));
            }
            assertThat(tensors).extracting(SafetensorsWriter.Named::name).isNotEqualTo(file.names());
            SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors, Map.of());
        }
        try (SafetensorsFile golden = SafetensorsFile.open(fixture.resolve("golden.safetensors"));
                TransformerModel model =
                        TransformerModel.load(engine, Checkpoint.open(folder), Engines.device(), Progress.none())) {
            hiddenStates(model, Golden.batch(golden), golden);
            // the last layer of the tower, whose output nothing reads, and its last norm
            assertThat(model.blueprint().unused()).allMatch(name -> name.matches(".*(layers\\.2|post_layernorm)\\..*"));
        }
    }

    /** Tokens that are masked between others, as with {@code --compat eos-is-padding}, count as in transformers. */
    @ParameterizedTest
    @ValueSource(strings = {"v5/qwen3_next", "v5/qwen3_5"})
    void maskedTokensInsideOfRowsOfDeltaNetworks(String fixture) {
        try (SafetensorsFile golden =
                        SafetensorsFile.open(Golden.folder(fixture).resolve("masked.safetensors"));
                TransformerModel model = TransformerModel.load(
                        engine, Checkpoint.open(Golden.folder(fixture)), Engines.device(), Progress.none());
                Scope scope = engine.inference()) {
            TokenBatch batch = Golden.batch(golden);
            double[] expected =
                    Golden.doubles(golden, "hidden_states." + model.config().layers());
            double limit =
                    Float32Limit.of(model.config().layers(), model.config().hiddenSize(), expected);
            double[] actual = model.transformer().forward(model.input(batch)).doubles();
            assertThat(actual).hasSameSizeAs(expected);
            for (int i = 0; i < expected.length; i++) {
                if (batch.mask()[i / model.config().hiddenSize()] == 1) {
                    assertThat(actual[i]).as("number %s", i).isCloseTo(expected[i], within(limit));
                }
            }
        }
    }

    private void packedHiddenStates(ModelBlueprint blueprint, TokenBatch batch, SafetensorsFile golden) {
        try (TransformerModel packed =
                TransformerModel.loadPacked(engine, blueprint, Engines.device(), DType.F32, Progress.none())) {
            hiddenStates(packed, batch, golden);
        }
    }

    /** Compares all hidden states at tokens that are no padding. */
    private void hiddenStates(TransformerModel model, TokenBatch batch, SafetensorsFile golden) {
        List<Integer> seen = new ArrayList<>();
        int width = model.config().hiddenSize();
        try (Scope scope = engine.inference()) {
            model.transformer().hiddenStates(model.input(batch), (index, hidden) -> {
                double[] expected = Golden.doubles(golden, "hidden_states." + index);
                double limit = Float32Limit.of(index, width, expected);
                double[] actual = hidden.doubles();
                assertThat(actual).hasSameSizeAs(expected);
                for (int i = 0; i < expected.length; i++) {
                    if (batch.mask()[i / width] == 1) {
                        assertThat(actual[i])
                                .as("number %s of state %s", i, index)
                                .isCloseTo(expected[i], within(limit));
                    }
                }
                seen.add(index);
            });
        }
        assertThat(seen).hasSize(model.config().layers() + 1);
    }

    /** The limit for what a head makes of the last hidden state. */
    private static double headLimit(TransformerModel model, double[] expected) {
        return Float32Limit.of(model.config().layers() + 1, model.config().hiddenSize(), expected);
    }

    private void logitsAndLoss(TransformerModel model, TokenBatch batch, SafetensorsFile golden) {
        double[] expected = Golden.doubles(golden, "logits");
        long[] shape = golden.entry("logits").shape();
        int outputs = (int) shape[shape.length - 1];
        double limit = headLimit(model, expected);
        try (Scope scope = engine.inference();
                TensorOwner holder = engine.owner()) {
            ModelInput input = model.input(batch);
            Tensor hidden = model.transformer().forward(input);
            if (shape.length == 2) {
                LoadedHead loaded = model.head(holder, outputs, 0);
                assertThat(loaded.fresh()).isEmpty();
                Tensor logits = loaded.head().logits(hidden, input, ModelConfig.Dropout.NONE);
                assertThat(logits.doubles()).containsExactly(expected, within(limit));
                Tensor labels = Golden.tensor(engine, golden, "labels");
                if (outputs == 1) {
                    // a square changes by twice its root, times what that changes by
                    double[] loss = Golden.doubles(golden, "loss");
                    assertThat(logits.reshape(-1)
                                    .meanSquaredError(labels.reshape(-1))
                                    .item())
                            .isCloseTo(loss[0], within(2 * Math.sqrt(loss[0]) * limit + limit * limit));
                } else {
                    assertThat(logits.crossEntropy(labels).item())
                            .isCloseTo(Golden.doubles(golden, "loss")[0], within(2 * limit));
                }
            } else {
                Tensor logits = model.languageModelHead(holder).logits(hidden);
                double[] actual = logits.doubles();
                for (int i = 0; i < expected.length; i++) {
                    if (batch.mask()[i / outputs] == 1) {
                        assertThat(actual[i]).isCloseTo(expected[i], within(limit));
                    }
                }
                if (golden.has("loss")) {
                    Tensor labels = Golden.tensor(engine, golden, "labels");
                    assertThat(lossOfNext(logits, labels).item())
                            .isCloseTo(Golden.doubles(golden, "loss")[0], within(2 * limit));
                }
            }
        }
    }

    private void images(TransformerModel model, TokenBatch batch, SafetensorsFile golden) {
        try (Scope scope = engine.inference()) {
            VisionTower tower = model.vision().orElseThrow();
            List<Tensor> states = tower.hiddenStates(batch.pixels(), Engines.device());
            for (int i = 0; i < states.size(); i++) {
                double[] expected = Golden.doubles(golden, "vision_hidden_states." + i);
                int width = (int) states.get(i).size(-1);
                assertThat(states.get(i).doubles())
                        .containsExactly(expected, within(Float32Limit.of(i, width, expected)));
            }
            double[] features = Golden.doubles(golden, "image_features");
            int width = (int) states.get(0).size(-1);
            assertThat(tower.project(batch.pixels(), Engines.device()).doubles())
                    .containsExactly(features, within(Float32Limit.of(states.size(), width, features)));
        }
    }

    /** The mean cross-entropy of each token given the tokens before it. */
    private static Tensor lossOfNext(Tensor logits, Tensor labels) {
        long length = logits.size(1);
        return logits.slice(1, 0, length - 1)
                .reshape(-1, logits.size(2))
                .crossEntropy(labels.slice(1, 1, length).reshape(-1));
    }
}
