package org.layerwise.generation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.Json;
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
        List<Case> cases = cases(fixture);
        assertThat(cases).hasSize(3);
        List<long[]> prompts = cases.stream().map(Case::prompt).toList();
        List<long[]> expected = cases.stream().map(Case::tokens).toList();
        int liveBefore = engine.liveTensors();
        try (GoldenDecoder decoder = new GoldenDecoder(engine, fixture)) {
            assertThat(decoder.greedy(prompts, 24, 1))
                    .usingRecursiveComparison()
                    .isEqualTo(expected);
            assertThat(decoder.greedy(prompts, 24, 3))
                    .usingRecursiveComparison()
                    .isEqualTo(expected);
            assertThat(decoder.greedy(prompts, 24, 2))
                    .usingRecursiveComparison()
                    .isEqualTo(expected);
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
