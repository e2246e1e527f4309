package org.layerwise.generation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.Progress;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.StrictEngine;
import org.layerwise.tensor.Transfers;
import org.layerwise.testing.Golden;

/** What one step of decoding reads from a GPU. */
class DecodingTransfersTest {

    private static final int TOKENS = 6;
    private static final GenerationSettings SAMPLED = new GenerationSettings(TOKENS, 0.7, 0.9, 1, true, List.of());

    private final StrictEngine strict = StrictEngine.shared();

    @ParameterizedTest
    @ValueSource(strings = {"llama", "gemma2", "gpt2", "phi3", "mistral_window", "v5/qwen3_5"})
    void aTokenOfAllRowsIsOneRead(String fixture) {
        Path folder = Golden.folder(fixture);
        List<long[]> prompts = List.of(new long[] {5, 6, 7}, new long[] {8, 9, 10, 11});
        try (GoldenDecoder decoder = new GoldenDecoder(strict.engine(), folder, Device.cuda(0), OptionalInt.empty())) {
            for (GenerationSettings settings : List.of(GenerationSettings.greedy(TOKENS), SAMPLED)) {
                strict.transfers().clear();
                List<GeneratedText> texts = decoder.generator(Set.of())
                        .generate(GoldenDecoder.dataset(prompts), settings, null, Progress.none());
                assertThat(texts).allSatisfy(text -> assertThat(text.tokens()).hasSize(TOKENS));
                assertThat(strict.transfers().places(Transfers.Kind.READ))
                        .hasSize(TOKENS)
                        .containsOnly("Decoding.choose");
                assertThat(strict.transfers().places(Transfers.Kind.TO_CPU)).isEmpty();
            }
        }
    }
}
