package org.layerwise.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.input.ModelInput;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.Golden;

/** What remains of an adapter computes the same in memory and from its folder, and nothing of a removed layer stays. */
class PrunedModelTest {

    @TempDir
    private Path folder;

    private final TensorEngine engine = Engines.shared();
    private final int liveBefore = engine.liveTensors();

    @AfterEach
    void nothingIsLeft() {
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    @ParameterizedTest
    @CsvSource({
        "bert, lora_bert, 1",
        "bert, lora_bert_bias, 1",
        "bert, lora_bert_dora, 0",
        "llama, lora_llama_rslora, 2",
        "llama, lora_llama_pissa, 1",
        "llama, lora_llama_olora, 3",
        "llama, lora_llama_patterns, 2",
        "llama, lora_llama_miss, 1",
        "v5/mixtral, lora_mixtral_experts, 1"
    })
    void opensAgainWithTheSameNumbers(String fixture, String adapter, int layer) {
        try (TransformerModel base = base(fixture);
                AdaptedModel whole = AdaptedModel.load(
                        base, PeftAdapter.read(Golden.folder(adapter + "/adapter_final"), engine), 0)) {
            SortedSet<Integer> left = PrunedModel.layers(whole);
            assertThat(left).contains(layer).hasSizeGreaterThan(1);
            left.remove(layer);
            long all = PrunedModel.parameters(whole, PrunedModel.layers(whole));
            float[] before = output(base, fixture, whole);
            try (AdaptedModel pruned = PrunedModel.without(whole, List.of(layer))) {
                float[] inMemory = output(base, fixture, pruned);
                PeftAdapter written = pruned.toPeft(new BaseModel("base", null));
                written.write(folder);
                PeftAdapter read = PeftAdapter.read(folder, engine);

                assertThat(PrunedModel.layers(pruned)).isEqualTo(left);
                assertThat(PrunedModel.parameters(whole, left)).isEqualTo(pruned.adapterParameters());
                assertThat(PrunedModel.parameters(whole, left)).isLessThan(all);
                assertThat(read.tensors().keySet())
                        .noneMatch(name -> name.contains("." + layer + ".") && PeftNames.ofAdapter(name));
                try (AdaptedModel again = AdaptedModel.load(base, read, 0)) {
                    assertThat(output(base, fixture, again)).containsExactly(inMemory);
                    assertThat(again.parameters())
                            .extracting(Parameter::name)
                            .containsExactlyInAnyOrderElementsOf(pruned.parameters().stream()
                                    .map(Parameter::name)
                                    .toList());
                }
            }
            assertThat(output(base, fixture, whole)).containsExactly(before);
        }
    }

    /** A removed layer has the base's own weights, as an adapter whose B is zero has in it. */
    @Test
    void aRemovedLayerIsTheBases() {
        try (TransformerModel base = base("llama")) {
            PeftAdapter stored = PeftAdapter.read(Golden.folder("lora_llama/adapter_final"), engine);
            PeftAdapter zero = new PeftAdapter(
                    stored.origin(),
                    stored.config(),
                    stored.taskType(),
                    stored.modulesToSave(),
                    stored.base(),
                    stored.tensors().entrySet().stream()
                            .collect(Collectors.toMap(
                                    entry -> entry.getKey(),
                                    entry -> entry.getKey().contains("layers.3.")
                                                    && entry.getKey().endsWith(PeftNames.LORA_B)
                                            ? new PeftAdapter.HostTensor(
                                                    new float[entry.getValue().values().length],
                                                    entry.getValue().shape())
                                            : entry.getValue())));
            try (AdaptedModel whole = AdaptedModel.load(base, stored, 0);
                    AdaptedModel without = PrunedModel.without(whole, List.of(3));
                    AdaptedModel silenced = AdaptedModel.load(base, zero, 0)) {
                float[] expected = output(base, "llama", silenced);
                float[] found = output(base, "llama", without);
                for (int i = 0; i < expected.length; i++) {
                    assertThat(found[i]).isCloseTo(expected[i], within(1e-5f));
                }
                assertThat(Arrays.equals(output(base, "llama", whole), found)).isFalse();
            }
        }
    }

    /** Targets by full names, which PEFT adapts in spite of layers_to_transform, are dropped with their layer. */
    @Test
    void fullNamesOfRemovedLayersGo() {
        List<String> names = List.of(
                "model.layers.0.self_attn.q_proj", "model.layers.1.self_attn.v_proj", "model.layers.1.mlp.up_proj");
        LoraConfig config = new LoraConfig(
                2,
                4,
                0,
                names,
                new TreeSet<>(Set.of(0, 1)),
                LoraVariant.PLAIN,
                Bias.NONE,
                Map.of(),
                Map.of(),
                List.of(),
                AdvancedLoraConfig.DEFAULTS);
        try (TransformerModel base = base("llama");
                AdaptedModel whole = AdaptedModel.languageModel(base, config, 1);
                AdaptedModel pruned = PrunedModel.without(whole, List.of(0))) {
            PeftAdapter written = pruned.toPeft(new BaseModel("base", null));

            assertThat(written.config().targetModules())
                    .containsExactly("model.layers.1.mlp.up_proj", "model.layers.1.self_attn.v_proj");
            assertThat(written.config().layers()).containsExactly(1);
            assertThatThrownBy(() -> PrunedModel.without(whole, List.of(0, 1)))
                    .isInstanceOf(UserException.class)
                    .hasMessageStartingWith("LoRA needs at least one layer");
        }
    }

    /** PEFT keeps all trained biases, and names one of a module without an adapter otherwise. */
    @Test
    void allTrainedBiasesStayAndAreFoundAgain() {
        LoraConfig config = new LoraConfig(
                2,
                4,
                0,
                List.of("q_proj", "v_proj"),
                new TreeSet<>(Set.of(0, 1)),
                LoraVariant.PLAIN,
                Bias.ALL,
                Map.of(),
                Map.of(),
                List.of(),
                AdvancedLoraConfig.DEFAULTS);
        try (TransformerModel base = base("llama_biases");
                AdaptedModel whole = AdaptedModel.languageModel(base, config, 1)) {
            Map<String, PeftAdapter.HostTensor> values = whole.values();
            values.replaceAll((name, value) -> {
                float[] moved = value.values().clone();
                if (name.endsWith(PeftNames.BIAS)) {
                    Arrays.fill(moved, 0.5f);
                }
                return new PeftAdapter.HostTensor(moved, value.shape());
            });
            whole.assign(values);
            try (AdaptedModel pruned = PrunedModel.without(whole, List.of(0))) {
                PeftAdapter written = pruned.toPeft(new BaseModel("base", null));

                assertThat(written.tensors().keySet())
                        .contains(
                                PeftNames.bias("model.layers.0.self_attn.q_proj", false),
                                PeftNames.bias("model.layers.1.self_attn.q_proj", true),
                                PeftNames.bias("model.layers.0.mlp.up_proj", false))
                        .doesNotContain(PeftNames.bias("model.layers.0.self_attn.q_proj", true));
                try (AdaptedModel again = AdaptedModel.load(base, written, 0)) {
                    assertThat(again.remark()).isEmpty();
                    Map<String, PeftAdapter.HostTensor> found = again.values();
                    assertThat(found).containsOnlyKeys(pruned.values().keySet());
                    pruned.values()
                            .forEach((name, value) -> assertThat(found.get(name).values())
                                    .as(name)
                                    .containsExactly(value.values()));
                }
            }
        }
    }

    private TransformerModel base(String fixture) {
        return TransformerModel.load(
                engine, Checkpoint.open(Golden.folder(fixture)), Engines.device(), Progress.none());
    }

    private float[] output(TransformerModel base, String fixture, AdaptedModel model) {
        String inputs = "lora_inputs_%s.safetensors".formatted(fixture);
        try (SafetensorsFile file = SafetensorsFile.open(Golden.folder(inputs));
                Scope scope = engine.inference()) {
            ModelInput input = base.input(Golden.batch(file));
            return model.transformer().forward(input).floats();
        }
    }
}
