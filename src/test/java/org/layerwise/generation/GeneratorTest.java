package org.layerwise.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.data.Labels;
import org.layerwise.data.TokenRow;
import org.layerwise.data.image.ImagePreprocessor;
import org.layerwise.data.image.ImageSource;
import org.layerwise.data.token.ImageTokens;
import org.layerwise.data.token.RowImages;
import org.layerwise.data.token.TextTokenizer;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.OutputHead;
import org.layerwise.model.TaskModel;
import org.layerwise.model.Transformer;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.config.VisionConfig;
import org.layerwise.model.layer.LinearAdapter;
import org.layerwise.tensor.Engines;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.ByteTokenizer;
import org.layerwise.testing.Golden;

/** When rows end, what is drawn, and what a generator does with adapters, images and impatience. */
class GeneratorTest {

    private static final List<long[]> PROMPTS =
            List.of(new long[] {1, 4, 5, 6}, new long[] {1}, new long[] {1, 4, 5, 6, 7, 8, 9, 10, 11});
    private static final int TOKENS = 24;

    @TempDir
    Path folder;

    private final TensorEngine engine = Engines.shared();
    private final int liveBefore = engine.liveTensors();
    private GoldenDecoder decoder = new GoldenDecoder(engine, "llama");

    @AfterEach
    void close() {
        decoder.close();
        assertThat(engine.liveTensors()).isEqualTo(liveBefore);
    }

    private void take(String fixture) {
        decoder.close();
        decoder = new GoldenDecoder(engine, fixture);
    }

    @Test
    void aRowEndsAtAnEndTokenAndTheOthersGoOn() {
        List<long[]> free = decoder.greedy(PROMPTS, TOKENS, 3);
        // the fourth of the first row; the others may have them, too
        Set<Long> ends = Set.of(free.get(0)[3], 1000L);

        List<GeneratedText> ended = generate(decoder.generator(ends), GenerationSettings.greedy(TOKENS), 3);

        boolean someGoOn = false;
        for (int row = 0; row < PROMPTS.size(); row++) {
            long[] all = free.get(row);
            int end = 0;
            while (end < all.length && !ends.contains(all[end])) {
                end++;
            }
            assertThat(ended.get(row).tokens()).containsExactly(Arrays.copyOf(all, end));
            assertThat(ended.get(row).reason())
                    .isEqualTo(end < all.length ? GeneratedText.Reason.END : GeneratedText.Reason.LENGTH);
            assertThat(ended.get(row).text()).isNull();
            someGoOn |= end == all.length;
        }
        assertThat(ended.get(0).tokens()).hasSize(3);
        assertThat(someGoOn).isTrue();
    }

    @Test
    void theEndCanBeIgnored() {
        List<long[]> free = decoder.greedy(PROMPTS, TOKENS, 3);
        GenerationSettings settings = new GenerationSettings(TOKENS, 0, 1, 0, true, List.of());

        List<GeneratedText> all = generate(decoder.generator(Set.of(free.get(0)[3])), settings, 3);

        assertThat(all.get(0).tokens()).containsExactly(free.get(0));
        assertThat(all).allMatch(row -> row.reason() == GeneratedText.Reason.LENGTH);
    }

    @Test
    void aRowEndsAtAStopString() {
        List<long[]> free = decoder.greedy(PROMPTS, TOKENS, 3);
        try (TextTokenizer tokenizer = TextTokenizer.openTrusted(ByteTokenizer.write(folder))) {
            Generator generator =
                    new Generator(new TaskModel.Plain(decoder.model(), decoder.head()), Set.of(), tokenizer);
            String text = generate(generator, GenerationSettings.greedy(TOKENS), 3)
                    .get(0)
                    .text();
            assertThat(text).isEqualTo(tokenizer.decode(free.get(0)));
            int from = 5;
            String stop = text.substring(from, from + 3);
            assertThat(text.indexOf(stop)).isEqualTo(from);

            List<GeneratedText> stopped = generate(
                    generator,
                    GenerationSettings.greedy(TOKENS)
                            .withStops(List.of("not there", stop, text.substring(from + 1, from + 4))),
                    3);

            assertThat(stopped.get(0).reason()).isEqualTo(GeneratedText.Reason.STOP);
            assertThat(stopped.get(0).text()).isEqualTo(text.substring(0, from));
            assertThat(tokenizer.decode(stopped.get(0).tokens())).isEqualTo(text.substring(0, from + 3));
            assertThat(stopped.get(2).tokens()).containsExactly(free.get(2));
        }
    }

    @Test
    void aSpecialTokenCanBeAStopString() {
        // the fourth token of the second row is 2, which is </s> of the tokenizer
        try (TextTokenizer tokenizer = TextTokenizer.openTrusted(ByteTokenizer.write(folder))) {
            Generator generator =
                    new Generator(new TaskModel.Plain(decoder.model(), decoder.head()), Set.of(), tokenizer);

            GeneratedText row = generate(
                            generator, GenerationSettings.greedy(TOKENS).withStops(List.of("</s>")), 3)
                    .get(1);

            assertThat(row.reason()).isEqualTo(GeneratedText.Reason.STOP);
            assertThat(row.tokens()).containsExactly(21, 66, 70, 2);
            assertThat(row.text()).isEqualTo(tokenizer.decode(new long[] {21, 66, 70}));
        }
    }

    @Test
    void stopStringsNeedATokenizer() {
        assertThatThrownBy(() -> generate(
                        decoder.generator(Set.of()),
                        GenerationSettings.greedy(3).withStops(List.of("x")),
                        3))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("has no tokenizer.json");
    }

    @Test
    void whatIsDrawnDependsOnTheSeedAndTheRowAlone() {
        Generator generator = decoder.generator(Set.of());
        GenerationSettings settings = new GenerationSettings(TOKENS, 1.5, 0.95, 7, false, List.of());

        List<GeneratedText> together = generate(generator, settings, 3);

        assertThat(generate(generator, settings, 1)).isEqualTo(together);
        assertThat(generate(generator, settings, 2)).isEqualTo(together);
        assertThat(generate(generator, new GenerationSettings(TOKENS, 1.5, 0.95, 8, false, List.of()), 3))
                .isNotEqualTo(together);
        List<GeneratedText> alike = generator.generate(
                GoldenDecoder.dataset(List.of(PROMPTS.get(0), PROMPTS.get(0))), settings, 2, Progress.none());
        assertThat(alike.get(0)).as("rows draw for themselves").isNotEqualTo(alike.get(1));
    }

    @Test
    void drawnTokensFollowTheModel() {
        // the first token of many rows, against the softmax of the model's own logits
        int rows = 3000;
        List<long[]> same = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            same.add(PROMPTS.get(0));
        }
        GenerationSettings settings = new GenerationSettings(1, 1, 1, 3, false, List.of());

        List<GeneratedText> drawn =
                decoder.generator(Set.of()).generate(GoldenDecoder.dataset(same), settings, 500, Progress.none());

        double[] logits = decoder.lastLogits(decoder.model().transformer(), PROMPTS.get(0), null);
        float[] floats = new float[logits.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) logits[i];
        }
        double[] expected = new Sampler(1, 1).probabilities(floats);
        double[] counts = new double[expected.length];
        drawn.forEach(row -> counts[(int) row.tokens()[0]]++);
        double chiSquared = 0;
        for (int token = 0; token < counts.length; token++) {
            double wanted = rows * expected[token];
            chiSquared += (counts[token] - wanted) * (counts[token] - wanted) / wanted;
        }
        // 129 degrees of freedom: mean 129, standard deviation 16
        assertThat(chiSquared).isBetween(129.0 - 5 * 16, 129.0 + 5 * 16);
    }

    private record Adapted(TransformerModel base, Transformer transformer, OutputHead head) implements TaskModel {}

    private Adapted adapted(LinearAdapter adapter) {
        Map<String, LinearAdapter> adapters = Map.of(
                decoder.model().transformer().linears(1).get(0).name(),
                adapter,
                decoder.model().transformer().linears(2).get(1).name(),
                adapter,
                decoder.model().transformer().linears(3).get(4).name(),
                adapter);
        return new Adapted(decoder.model(), decoder.model().transformer().with(adapters), decoder.head());
    }

    @Test
    void adaptersAreUsed() {
        Adapted adapted = adapted((map, x, y) -> y.mul(1.5).add(0.1));

        List<GeneratedText> generated =
                generate(new Generator(adapted, Set.of(), null), GenerationSettings.greedy(TOKENS), 3);

        for (int row = 0; row < PROMPTS.size(); row++) {
            long[] slow = decoder.slowly(adapted.transformer(), PROMPTS.get(row), null, TOKENS).stream()
                    .mapToLong(GoldenDecoder::argmax)
                    .toArray();
            assertThat(generated.get(row).tokens()).containsExactly(slow);
        }
        assertThat(generated.get(0).tokens())
                .isNotEqualTo(decoder.greedy(PROMPTS, TOKENS, 3).get(0));
    }

    @Test
    void numbersThatOverflowAreTold() {
        Generator generator = new Generator(adapted((map, x, y) -> y.mul(Double.NaN)), Set.of(), null);

        assertThatThrownBy(() -> generate(generator, GenerationSettings.greedy(3), 3))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("NaN or infinite for row 3");
    }

    @Test
    void rowsThatWouldNotFitAreToldBeforeTheStart() {
        take("gpt2_scaled");
        Generator generator = decoder.generator(Set.of());

        assertThat(generate(generator, GenerationSettings.greedy(12), 3).get(2).tokens())
                .hasSize(12);
        assertThatThrownBy(() -> generate(generator, GenerationSettings.greedy(13), 3))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Row 3 of prompts has 9 tokens and may get 13 more, but the model has 20 positions; shorten it or ask for fewer new tokens.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"llava", "llava_full", "llava_list_layers", "llava_new_names"})
    void imagesAreSeenWithThePrompt(String fixture) throws IOException {
        decoder.close();
        decoder = GoldenDecoder.withoutImageToken(engine, fixture);
        VisionConfig vision = decoder.model().description().vision();
        ImageTokens tokens = new ImageTokens(vision.imageToken(), vision.tokensPerImage());
        long image = vision.imageToken();
        List<TokenRow> rows = new ArrayList<>();
        List<ImageSource> images = new ArrayList<>();
        for (String name : List.of("wide.png", "tall.png", "grey.png")) {
            images.add(new ImageSource.InFile(Golden.folder("clip_images").resolve(name)));
            long[] prompt = images.size() == 2 ? new long[] {6, image, 8} : new long[] {6, image, 8, 9, 10, 7};
            rows.add(tokens.expand(new TokenRow(prompt, null), "here"));
        }
        RowImages pictures = new RowImages("prompts", images, ImagePreprocessor.read(preprocessor(vision.imageSize())));
        TokenizedDataset prompts = new TokenizedDataset("prompts", rows, new Labels.None(), 0, 100, pictures);

        List<GeneratedText> generated =
                decoder.generator(Set.of()).generate(prompts, GenerationSettings.greedy(TOKENS), 3, Progress.none());

        for (int row = 0; row < rows.size(); row++) {
            long[] slow = decoder
                    .slowly(decoder.model().transformer(), rows.get(row).ids(), pictures.batch(new int[] {row}), TOKENS)
                    .stream()
                    .mapToLong(GoldenDecoder::argmax)
                    .toArray();
            assertThat(generated.get(row).tokens()).containsExactly(slow);
        }
    }

    private Path preprocessor(int size) throws IOException {
        ObjectNode json = (ObjectNode) Json.read(Golden.folder("clip_images").resolve("preprocessor_config.json"));
        json.putObject("size").put("shortest_edge", size);
        json.putObject("crop_size").put("height", size).put("width", size);
        return Files.writeString(folder.resolve("preprocessor_config.json"), Json.line(json));
    }

    @Test
    void stopsWhenItIsToldTo() {
        Progress soon = new Progress() {
            private int reports;

            @Override
            public void report(double fraction, String message) {
                assertThat(fraction).isBetween(0.0, 1.0);
                reports++;
            }

            @Override
            public boolean cancelled() {
                return reports > 5;
            }
        };

        assertThatThrownBy(() -> decoder.generator(Set.of())
                        .generate(GoldenDecoder.dataset(PROMPTS), GenerationSettings.greedy(10_000), 3, soon))
                .isInstanceOf(CancelledException.class);
    }

    private static List<GeneratedText> generate(
            Generator generator, GenerationSettings settings, @Nullable Integer rowsAtOnce) {
        return generator.generate(GoldenDecoder.dataset(PROMPTS), settings, rowsAtOnce, Progress.none());
    }
}
