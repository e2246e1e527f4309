package org.layerwise.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.layerwise.base.Progress;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.model.layer.KeyValueCache;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/** With the cache a row goes on exactly as without, whatever else is in its batch. */
class CachedDecodingTest {

    private static final double TOLERANCE = 1e-4;

    /** Far beyond the windows of 5 and 6 tokens, and beyond what the scaled rotary positions were trained with. */
    private static final int TOKENS = 30;

    private static final Set<Integer> CHECKED = Set.of(0, 1, 4, 10, TOKENS - 1);

    /** Learned positions end at 20 or 64. */
    private static final int FEW = 11;

    private final TensorEngine engine = Engines.shared();

    /** Angles of these change with the length, so they compute a row anew where a cache would be wrong. */
    private static final Set<String> WITHOUT_STEPS =
            Set.of("gemma_rope_types", "llama_dynamic", "phi3_longrope", "phi3_longrope_short");

    static List<String> decoders() {
        return GoldenDecoder.fixtures();
    }

    static List<String> decodersThatStep() {
        return decoders().stream()
                .filter(fixture -> !WITHOUT_STEPS.contains(fixture))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("decodersThatStep")
    void stepsGiveTheLogitsOfTheWholeRow(String fixture) {
        int liveBefore = engine.liveTensors();
        long[][] prompts = {{7, 11, 2, 9, 30, 4, 4, 21}, {14}, {12, 3, 44}};
        int tokens = tokens(fixture);
        try (GoldenDecoder decoder = GoldenDecoder.withoutImageToken(engine, fixture)) {
            TransformerModel model = decoder.model();
            long[][] rows = new long[prompts.length][];
            try (KeyValueCache cache = new KeyValueCache(
                    engine,
                    model.config(),
                    prompts.length,
                    2,
                    model.device(),
                    model.transformer().type())) {
                // the shortest row alone into the middle of the cache, the others with padding
                fill(decoder, cache, 0, prompts[0]);
                fill(decoder, cache, 1, prompts[1], prompts[2]);
                System.arraycopy(prompts, 0, rows, 0, rows.length);
                for (int step = 0; step < tokens; step++) {
                    long[] next = new long[rows.length];
                    int[] positions = new int[rows.length];
                    for (int row = 0; row < rows.length; row++) {
                        // any token will do, and different ones tell rows apart
                        next[row] = 6 + (step * 7L + row * 13L) % 54;
                        positions[row] = rows[row].length;
                        rows[row] = Arrays.copyOf(rows[row], positions[row] + 1);
                        rows[row][positions[row]] = next[row];
                    }
                    double[][] cached = logits(decoder, cache, next, positions);
                    for (int row = 0; row < rows.length && CHECKED.contains(step); row++) {
                        assertThat(cached[row])
                                .as("step %d of row %d", step, row)
                                .containsExactly(
                                        decoder.lastLogits(model.transformer(), rows[row], null), within(TOLERANCE));
                    }
                }
            }
        }
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    private static int tokens(String fixture) {
        return fixture.equals("gpt2_scaled") ? FEW : TOKENS;
    }

    private void fill(GoldenDecoder decoder, KeyValueCache cache, int firstRow, long[]... prompts) {
        int length =
                Arrays.stream(prompts).mapToInt(prompt -> prompt.length).max().orElseThrow();
        long[] ids = new long[prompts.length * length];
        long[] mask = new long[ids.length];
        for (int row = 0; row < prompts.length; row++) {
            for (int i = 0; i < prompts[row].length; i++) {
                ids[row * length + i] = prompts[row][i];
                mask[row * length + i] = 1;
            }
        }
        try (Scope scope = engine.inference()) {
            TokenBatch batch = new TokenBatch(prompts.length, length, ids, new long[ids.length], mask);
            TransformerModel model = decoder.model();
            model.transformer().forward(model.input(batch), cache, firstRow, Progress.none());
        }
    }

    private double[][] logits(GoldenDecoder decoder, KeyValueCache cache, long[] ids, int[] positions) {
        TransformerModel model = decoder.model();
        try (Scope scope = engine.inference()) {
            Tensor hidden = model.transformer().forward(model.next(ids, positions), cache, 0, Progress.none());
            double[] all = decoder.head().logits(hidden).doubles();
            int vocabulary = all.length / ids.length;
            double[][] rows = new double[ids.length][];
            for (int row = 0; row < rows.length; row++) {
                rows[row] = Arrays.copyOfRange(all, row * vocabulary, (row + 1) * vocabulary);
            }
            return rows;
        }
    }

    @Test
    void noDecoderIsForgotten() {
        assertThat(decoders())
                .hasSizeGreaterThanOrEqualTo(50)
                .contains("llama", "llama_sharded_bf16", "mistral", "qwen2", "qwen3", "phi3", "gemma", "gemma2", "gpt2")
                .contains("llava", "llava_full", "llava_list_layers", "llava_new_names")
                .contains(
                        "v5/cohere2",
                        "v5/gemma3_text",
                        "v5/gemma4_e",
                        "v5/gpt_neox",
                        "v5/ministral3",
                        "v5/qwen3_moe",
                        "v5/qwen3_next");
    }

    @ParameterizedTest
    @MethodSource("decoders")
    void greedyTokensAreThoseOfTheWholeRow(String fixture) {
        List<long[]> prompts = List.of(
                new long[] {7, 11, 2, 9, 30, 4, 4, 21}, new long[] {14}, new long[] {12, 3, 44}, new long[] {9});
        int tokens = tokens(fixture);
        try (GoldenDecoder decoder = GoldenDecoder.withoutImageToken(engine, fixture)) {
            List<long[]> slow = prompts.stream()
                    .map(prompt -> decoder.slowly(decoder.model().transformer(), prompt, null, tokens).stream()
                            .mapToLong(GoldenDecoder::argmax)
                            .toArray())
                    .toList();
            assertThat(decoder.greedy(prompts, tokens, 4))
                    .usingRecursiveComparison()
                    .isEqualTo(slow);
            assertThat(decoder.greedy(prompts, tokens, 1))
                    .usingRecursiveComparison()
                    .isEqualTo(slow);
        }
    }
}
