package org.layerwise.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.Golden;

/** Target modules of attention and of MLPs, for every family that there is a model of. */
class ModuleTypeTest {

    static List<Path> models() throws IOException {
        try (Stream<Path> folders = Files.list(Golden.folder("bert").getParent())) {
            return folders.filter(folder -> Files.isRegularFile(folder.resolve(Checkpoint.CONFIG)))
                    .sorted()
                    .toList();
        }
    }

    private static ModelBlueprint model(Path folder) {
        TensorEngine engine = Engines.shared();
        try (Checkpoint checkpoint = Checkpoint.ofConfig(folder.resolve(Checkpoint.CONFIG))) {
            return ModelBlueprint.ofConfig(engine, checkpoint, DType.F32);
        }
    }

    private static Set<Integer> layers(ModelBlueprint model) {
        return model.linears().stream().map(LinearModule::layer).collect(Collectors.toSet());
    }

    @ParameterizedTest
    @MethodSource("models")
    void attentionAndMlpAreAllModulesAndShareNone(Path folder) {
        ModelBlueprint model = model(folder);
        List<String> all = model.linearModules();
        List<LinearModule> parts = new ArrayList<>();
        for (ModuleType type : ModuleType.values()) {
            parts.addAll(model.targets(layers(model), type.targets(model, all)));
        }
        assertThat(parts)
                .doesNotHaveDuplicates()
                .containsAll(model.targets(layers(model), all).stream()
                        .filter(linear -> !linear.name().contains("per_layer"))
                        .toList());
    }

    @Test
    void namesThatEndAlikeBecomeAnExpression() {
        ModelBlueprint bert = model(Golden.folder("bert"));
        List<String> usual = bert.description().defaultTargets();
        assertThat(ModuleType.MLP.targets(bert, usual))
                .containsExactly(".*\\.\\d+\\.(?:intermediate\\.dense|output\\.dense)");
        assertThat(bert.targets(Set.of(1), ModuleType.MLP.targets(bert, usual)))
                .extracting(LinearModule::name)
                .containsExactly("bert.encoder.layer.1.intermediate.dense", "bert.encoder.layer.1.output.dense");
        assertThat(ModuleType.ATTENTION.targets(bert, usual))
                .containsExactly(
                        "attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense");
    }

    @Test
    void onlyModulesThatWereTargetedStay() {
        ModelBlueprint llama = model(Golden.folder("llama"));
        assertThat(ModuleType.ATTENTION.targets(llama, List.of("q_proj", "down_proj")))
                .containsExactly("self_attn.q_proj");
        assertThatThrownBy(() -> ModuleType.MLP.targets(llama, List.of("q_proj", "v_proj")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("Of the target modules q_proj, v_proj of ")
                .hasMessageEndingWith("none belongs to MLP; name others for it.");
    }
}
