package org.layerwise.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SafetensorsWriter;
import org.layerwise.model.ModelBlueprint;
import org.layerwise.model.TransformerModel;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.Golden;

/** Adapters and the experts of a mixture. */
class ExpertAdapterTest {

    private final TensorEngine engine = Engines.shared();

    @TempDir
    private Path folder;

    private TransformerModel mixture() {
        return TransformerModel.load(
                engine, Checkpoint.open(Golden.folder("v5/qwen3_moe")), Engines.device(), Progress.none());
    }

    @Test
    void routerAndExpertsAreNoTargets() {
        try (TransformerModel model = mixture()) {
            assertThat(model.blueprint().linearModules())
                    .containsExactly("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj");
            assertThat(model.blueprint().unused()).isEmpty();
        }
    }

    @Test
    void namesOfModulesAreThoseOfAllLayers() throws IOException {
        Path config = folder.resolve("config.json");
        ObjectNode json = (ObjectNode) Json.read(Golden.folder("v5/qwen3_moe").resolve("config.json"));
        json.putArray("mlp_only_layers").add(1);
        Json.write(config, json);
        try (Checkpoint checkpoint = Checkpoint.ofConfig(config)) {
            assertThat(ModelBlueprint.of(engine, checkpoint).linearModules())
                    .endsWith("mlp.gate_proj", "mlp.up_proj", "mlp.down_proj");
        }
    }

    private static LoraConfig config(Bias bias, List<String> saved) {
        return new LoraConfig(
                2,
                2,
                0,
                List.of("q_proj"),
                new TreeSet<>(Set.of(0)),
                LoraVariant.PLAIN,
                bias,
                Map.of(),
                Map.of(),
                saved,
                AdvancedLoraConfig.DEFAULTS);
    }

    @Test
    void routerAndExpertsAreNotTrainedInFull() {
        try (TransformerModel model = mixture()) {
            for (String module : List.of("gate", "experts")) {
                LoraConfig config = config(Bias.NONE, List.of(module));
                assertThatThrownBy(() -> AdaptedModel.languageModel(model, config, 0))
                        .isInstanceOf(UserException.class)
                        .hasMessageContaining("cannot be trained in full");
            }
        }
    }

    /** These make the inputs of layers, once for each batch and without what is trained. */
    @Test
    void tablesOfInputsByLayerAreNotTrainedInFull() {
        try (TransformerModel model = TransformerModel.load(
                engine, Checkpoint.open(Golden.folder("v5/gemma4_e")), Engines.device(), Progress.none())) {
            for (String module : List.of(
                    "embed_tokens",
                    "embed_tokens_per_layer",
                    "per_layer_model_projection",
                    "per_layer_projection_norm")) {
                LoraConfig config = config(Bias.NONE, List.of(module));
                assertThatThrownBy(() -> AdaptedModel.languageModel(model, config, 0))
                        .as(module)
                        .isInstanceOf(UserException.class)
                        .hasMessageContaining("cannot be trained in full");
            }
        }
    }

    @Test
    void biasesOfStackedExpertsAreNotTrained() {
        try (TransformerModel model = TransformerModel.load(
                engine, Checkpoint.open(Golden.folder("v5/gpt_oss")), Engines.device(), Progress.none())) {
            LoraConfig config = config(Bias.ALL, List.of());
            assertThatThrownBy(() -> AdaptedModel.languageModel(model, config, 0))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("bias = all is not supported for the experts");
        }
    }

    private static LoraConfig onExperts(LoraVariant variant, double dropout, Set<Integer> layers, String... weights) {
        return new LoraConfig(
                2,
                4,
                dropout,
                List.of("q_proj"),
                new TreeSet<>(layers),
                variant,
                Bias.NONE,
                Map.of(),
                Map.of(),
                List.of(),
                new AdvancedLoraConfig(false, List.of(), List.of(), false, List.of(weights)));
    }

    @Test
    void expertsOfTheChosenLayersHaveAdapters() {
        try (TransformerModel model = mixture();
                AdaptedModel adapted = AdaptedModel.languageModel(
                        model,
                        onExperts(LoraVariant.PLAIN, 0, Set.of(1, 2), "experts.gate_up_proj", "experts.down_proj"),
                        1)) {
            PeftAdapter adapter = adapted.toPeft(new BaseModel("qwen3_moe", null));
            assertThat(adapter.config().details().targetParameters())
                    .containsExactly(
                            "model.layers.1.mlp.experts.gate_up_proj",
                            "model.layers.1.mlp.experts.down_proj",
                            "model.layers.2.mlp.experts.gate_up_proj",
                            "model.layers.2.mlp.experts.down_proj");
            assertThat(adapter.adaptsExperts()).isTrue();
            assertThat(adapter.tensors())
                    .containsKeys(
                            "base_model.model.model.layers.1.mlp.experts.lora_A.weight",
                            "base_model.model.model.layers.1.mlp.experts.base_layer.lora_B.weight");
            assertThat(adapted.lowestTrainedLayer()).isEqualTo(1);
            assertThat(adapted.adapterParameters())
                    .isEqualTo(ExpertTargets.parameters(
                                    model.blueprint(),
                                    List.of(1, 2),
                                    List.of("gate_up_proj", "mlp.experts.down_proj"),
                                    name -> 2)
                            + 2 * 2 * (32 + 64));
            adapter.write(folder.resolve("adapter"));
            try (AdaptedModel read = AdaptedModel.load(model, PeftAdapter.read(folder.resolve("adapter"), engine), 0)) {
                assertThat(read.config()).isEqualTo(adapter.config());
                assertThat(read.values().keySet()).isEqualTo(adapted.values().keySet());
            }
        }
    }

    @Test
    void whatPeftHasNotOnExpertsIsRefused() {
        String weights = "mlp.experts.down_proj";
        try (TransformerModel model = mixture();
                TransformerModel dense = TransformerModel.load(
                        engine, Checkpoint.open(Golden.folder("llama")), Engines.device(), Progress.none())) {
            assertRefused(
                    model,
                    onExperts(LoraVariant.of("dora"), 0, Set.of(0), weights),
                    "LoRA or rsLoRA only, not as dora");
            assertRefused(model, onExperts(LoraVariant.of("olora"), 0, Set.of(0), weights), "not as olora");
            assertRefused(model, onExperts(LoraVariant.PLAIN, 0.1, Set.of(0), weights), "set --dropout 0");
            assertRefused(
                    model,
                    onExperts(LoraVariant.PLAIN, 0, Set.of(0), "experts.w1"),
                    "are called \"experts.w1\"; there are model.layers.0.mlp.experts.gate_up_proj and"
                            + " model.layers.0.mlp.experts.down_proj");
            assertRefused(
                    model,
                    onExperts(LoraVariant.PLAIN, 0, Set.of(1), "model.layers.2." + weights),
                    "has model.layers.2.mlp.experts.down_proj; choose others");
            assertRefused(dense, onExperts(LoraVariant.PLAIN, 0, Set.of(0), weights), "has no experts");
        }
    }

    @Test
    void parametersAreCountedWithoutWeights() {
        try (TransformerModel model = mixture();
                TransformerModel dense = TransformerModel.load(
                        engine, Checkpoint.open(Golden.folder("llama")), Engines.device(), Progress.none())) {
            assertThat(ExpertTargets.parameters(dense.blueprint(), List.of(0), List.of(), name -> 2))
                    .isZero();
            assertThatThrownBy(() ->
                            ExpertTargets.parameters(dense.blueprint(), List.of(0), List.of("down_proj"), name -> 2))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("has no experts");
            assertThatThrownBy(() ->
                            ExpertTargets.parameters(model.blueprint(), List.of(0), List.of("down_prj"), name -> 2))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("are called \"down_prj\"");
        }
    }

    /** PEFT takes null for the usual modules of the family. */
    @Test
    void adapterOnExpertsAloneNamesNoModules() throws IOException {
        Path stored = folder.resolve("stored");
        try (TransformerModel model = mixture()) {
            try (AdaptedModel adapted = AdaptedModel.languageModel(
                    model, onExperts(LoraVariant.PLAIN, 0, Set.of(1), "experts.down_proj"), 1)) {
                adapted.toPeft(new BaseModel("qwen3_moe", null)).write(stored);
            }
            Path config = stored.resolve(PeftAdapter.CONFIG);
            ObjectNode json = (ObjectNode) Json.read(config);
            json.putArray("target_modules");
            Json.write(config, json);
            PeftAdapter both = PeftAdapter.read(stored, engine);
            List<SafetensorsWriter.Named> kept = new ArrayList<>();
            both.tensors().forEach((name, tensor) -> {
                if (name.contains("experts")) {
                    kept.add(SafetensorsWriter.Named.of(name, tensor.values(), tensor.shape()));
                }
            });
            SafetensorsWriter.write(stored.resolve(PeftAdapter.WEIGHTS), kept, Map.of());
            try (AdaptedModel read = AdaptedModel.load(model, PeftAdapter.read(stored, engine), 0)) {
                assertThat(read.parameters()).hasSize(2);
                read.toPeft(new BaseModel("qwen3_moe", null)).write(folder.resolve("again"));
            }
            assertThat(Json.read(folder.resolve("again").resolve(PeftAdapter.CONFIG))
                            .path("target_modules"))
                    .isEqualTo(Json.tree(List.of()));
        }
    }

    /** PEFT 0.21 puts adapters on routers for all-linear. */
    @Test
    void adapterOnARouterIsRefusedByName() throws IOException {
        Path stored = folder.resolve("stored");
        try (TransformerModel model = mixture()) {
            try (AdaptedModel adapted = AdaptedModel.languageModel(
                    model, onExperts(LoraVariant.PLAIN, 0, Set.of(1), "experts.down_proj"), 1)) {
                adapted.toPeft(new BaseModel("qwen3_moe", null)).write(stored);
            }
            ObjectNode json = (ObjectNode) Json.read(stored.resolve(PeftAdapter.CONFIG));
            json.withArray("target_parameters").add("gate.weight");
            Json.write(stored.resolve(PeftAdapter.CONFIG), json);
            assertThatThrownBy(() -> AdaptedModel.load(model, PeftAdapter.read(stored, engine), 0))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("has the target parameter gate.weight, which is no weight of experts");
        }
    }

    private static void assertRefused(TransformerModel model, LoraConfig config, String message) {
        assertThatThrownBy(() -> AdaptedModel.languageModel(model, config, 0))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(message);
    }

    /** PEFT 0.17 writes such adapters; the number of an expert must not be taken for one of a layer. */
    @Test
    void anAdapterOnExpertsIsRefusedByName() throws IOException {
        String module = "base_model.model.model.layers.0.mlp.experts.5.gate_proj.";
        SafetensorsWriter.write(
                folder.resolve(PeftAdapter.WEIGHTS),
                List.of(tensor(module + "lora_A.weight", 2, 32), tensor(module + "lora_B.weight", 40, 2)),
                Map.of());
        ObjectNode config = Json.object().put("peft_type", "LORA").put("r", 2).put("task_type", "CAUSAL_LM");
        config.putArray("target_modules").add("gate_proj");
        Json.write(folder.resolve(PeftAdapter.CONFIG), config);
        try (TransformerModel model = mixture()) {
            assertThatThrownBy(() -> AdaptedModel.load(model, PeftAdapter.read(folder, engine), 0))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("trains experts (" + module)
                    .hasMessageContaining(folder.toString());
        }
    }

    private static SafetensorsWriter.Named tensor(String name, int rows, int columns) {
        ByteBuffer zeros = ByteBuffer.allocate(4 * rows * columns);
        return SafetensorsWriter.Named.of(name, DType.F32, new long[] {rows, columns}, zeros);
    }
}
