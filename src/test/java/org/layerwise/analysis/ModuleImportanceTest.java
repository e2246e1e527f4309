package org.layerwise.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.layerwise.analysis.ModuleImportance.Module;

class ModuleImportanceTest {

    @Test
    void typesAreNamedByTheirShortestEndOfTheirOwn() {
        ModuleImportance bert =
                of("attention.self.query", "attention.output.dense", "intermediate.dense", "output.dense");
        assertThat(bert.labels())
                .containsExactly(
                        Map.entry("attention.self.query", "query"),
                        Map.entry("attention.output.dense", "attention.output.dense"),
                        Map.entry("intermediate.dense", "intermediate.dense"),
                        Map.entry("output.dense", "output.dense"));
        assertThat(of("self_attn.q_proj", "mlp.down_proj").labels().values()).containsExactly("q_proj", "down_proj");
        assertThat(of("mlp.up", "up").labels().values()).containsExactly("mlp.up", "up");
    }

    @Test
    void ranksTheMostImportantFirstAndEqualOnesInTheirOrder() {
        ModuleImportance values = new ModuleImportance(
                List.of(new Module("a", "a", 0, 1), new Module("b", "b", 0, 3), new Module("c", "c", 0, 1)));
        assertThat(values.ranking()).extracting(Module::name).containsExactly("b", "a", "c");
    }

    @Test
    void aTypeWithoutAnyImportanceStaysAtZero() {
        ModuleImportance values = new ModuleImportance(List.of(
                new Module("0.a", "a", 0, 0),
                new Module("1.a", "a", 1, 0),
                new Module("0.b", "b", 0, 1),
                new Module("1.b", "b", 1, 3)));
        assertThat(values.scaled(ModuleAverage.OF_TYPE_MEAN).modules())
                .extracting(Module::value)
                .containsExactly(0.0, 0.0, 0.5, 1.5);
    }

    private static ModuleImportance of(String... types) {
        return new ModuleImportance(List.of(types).stream()
                .map(type -> new Module("layers.0." + type, type, 0, 1))
                .toList());
    }
}
