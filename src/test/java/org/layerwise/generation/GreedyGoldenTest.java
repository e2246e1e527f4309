package org.layerwise.generation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.json.Json;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.Golden;

/** What transformers' {@code generate(do_sample=False)} gave for prompts of 1, 4 and 9 tokens. */
class GreedyGoldenTest {

    private final TensorEngine engine = Engines.shared();

    private record Case(long[] prompt, long[] tokens) {}

    @ParameterizedTest
    @ValueSource(strings = {"llama", "gemma2", "qwen2", "gpt2", "mistral"})
    void givesTheTokensOfTransformers(String fixture) {
        assertTokens(Golden.folder(fixture), fixture);
    }

    /** The trained model is not part of the repository: -Dlayerwise.models names the folder that has it. */
    @Test
    @EnabledIfSystemProperty(named = "layerwise.models", matches = ".+")
    void givesThoseOfATrainedModelToo() {
        assertTokens(Path.of(System.getProperty("layerwise.models"), "aidreams260K"), "aidreams260K");
    }

    @Test
    void allCasesAreOfModelsThatAreCompared() {
        assertThat(Json.read(Golden.folder("greedy.json")).findValuesAsText("model"))
                .hasSize(18)
                .containsOnly("llama", "gemma2", "qwen2", "gpt2", "mistral", "aidreams260K");
    }

    private void assertTokens(Path folder, String model) {
        List<Case> cases = cases(model);
        assertThat(cases).hasSize(3);
        List<long[]> prompts = cases.stream().map(Case::prompt).toList();
        List<long[]> expected = cases.stream().map(Case::tokens).toList();
        int liveBefore = engine.liveTensors();
        try (GoldenDecoder decoder = new GoldenDecoder(engine, folder, OptionalInt.empty())) {
            for (int rowsAtOnce = 1; rowsAtOnce <= 3; rowsAtOnce++) {
                assertThat(decoder.greedy(prompts, 24, rowsAtOnce))
                        .as("%d rows at once", rowsAtOnce)
                        .usingRecursiveComparison()
                        .isEqualTo(expected);
            }
        }
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    private static List<Case> cases(String fixture) {
        List<Case> cases = new ArrayList<>();
        for (JsonNode entry : Json.read(Golden.folder("greedy.json"))) {
            if (entry.path("model").asText().equals(fixture)) {
                cases.add(new Case(longs(entry.path("prompt")), longs(entry.path("new_tokens"))));
            }
        }
        return cases;
    }

    private static long[] longs(JsonNode list) {
        long[] values = new long[list.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = list.get(i).asLong();
        }
        return values;
    }
}
