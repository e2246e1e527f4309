package org.layerwise.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.model.input.TokenRange;
import org.layerwise.model.layer.KeyValueCache;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.TensorEngine;

/** A long prompt is computed in parts: with the hidden states of the whole, and so that it can be cancelled. */
class PromptPartsTest {

    private static final int TOKENS = 18;
    private static final int PART = 4;
    private static final int LONG = 4_300;

    private final TensorEngine engine = Engines.shared();
    private final int liveBefore = engine.liveTensors();

    @AfterEach
    void nothingIsLeft() {
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    static Stream<String> fixtures() {
        return GoldenDecoder.fixtures().stream();
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void partsGiveTheHiddenStatesOfTheWhole(String fixture) {
        try (GoldenDecoder decoder = GoldenDecoder.withoutImageToken(engine, fixture);
                Scope scope = engine.inference()) {
            TransformerModel model = decoder.model();
            long[] row = row(model, TOKENS);
            double[] whole =
                    model.transformer().forward(model.input(batch(row))).doubles();

            int width = model.config().hiddenSize();
            // the second row of two, since a cache holds rows side by side
            try (KeyValueCache cache = new KeyValueCache(
                    engine,
                    model.config(),
                    2,
                    PART,
                    model.device(),
                    model.transformer().type())) {
                for (int from = 0; from < TOKENS; from += PART) {
                    int to = Math.min(TOKENS, from + PART);
                    double[] part = model.transformer()
                            .forward(model.input(new TokenRange(row, from, to)), cache, 1, Progress.none())
                            .doubles();
                    assertThat(part).hasSize((to - from) * width);
                    for (int i = 0; i < part.length; i++) {
                        assertThat(part[i])
                                .as("token %s, number %s", from + i / width, i % width)
                                .isCloseTo(whole[from * width + i], within(tolerance(fixture)));
                    }
                }
            }
        }
    }

    /** Rounding of 16-bit models; float32 otherwise. */
    private static double tolerance(String fixture) {
        return fixture.endsWith("16") ? 2e-2 : 2e-5;
    }

    @Test
    void aLongPromptGoesOnAsTheWholeDoes() {
        try (GoldenDecoder decoder = new GoldenDecoder(engine, "llama")) {
            long[] prompt = row(decoder.model(), LONG);
            double[] logits = decoder.slowly(decoder.model().transformer(), prompt, null, 1)
                    .get(0);
            int best = 0;
            for (int i = 0; i < logits.length; i++) {
                best = logits[i] > logits[best] ? i : best;
            }
            assertThat(decoder.greedy(List.of(prompt), 1, 1).get(0)).containsExactly(best);
        }
    }

    @Test
    @DisabledIfSystemProperty(
            named = Engines.STRICT_TESTS,
            matches = "true",
            disabledReason = "a GPU takes longer prompts whole")
    void aLongPromptCanBeCancelledBetweenItsParts() {
        try (GoldenDecoder decoder = new GoldenDecoder(engine, "llama")) {
            int layers = decoder.model().config().layers();
            AtomicInteger checks = new AtomicInteger();
            Progress progress = new Progress() {
                @Override
                public void report(double fraction, String message) {
                    // only the questions count
                }

                @Override
                public boolean cancelled() {
                    // the whole would ask once a layer
                    return checks.incrementAndGet() > 3 * layers;
                }
            };

            assertThatThrownBy(() -> decoder.generator(Set.of())
                            .generate(
                                    GoldenDecoder.dataset(List.of(row(decoder.model(), LONG))),
                                    GenerationSettings.greedy(1),
                                    1,
                                    progress))
                    .isInstanceOf(CancelledException.class);
        }
    }

    private static long[] row(TransformerModel model, int tokens) {
        // small ids: those of images are large
        return new Random(5).longs(tokens, 3, 20).toArray();
    }

    private static TokenBatch batch(long[] row) {
        long[] ones = new long[row.length];
        Arrays.fill(ones, 1);
        return new TokenBatch(1, row.length, row, new long[row.length], ones, null);
    }
}
