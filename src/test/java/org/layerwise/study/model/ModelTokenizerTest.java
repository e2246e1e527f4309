package org.layerwise.study.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.base.CancellableWait;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.data.Dataset;
import org.layerwise.data.LabelUse;
import org.layerwise.data.Labels;
import org.layerwise.data.TaskPreset;
import org.layerwise.data.TokenRow;
import org.layerwise.data.file.DataSource;
import org.layerwise.data.file.DatasetReader;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.data.token.TokenizerCheck;
import org.layerwise.model.ModelBlueprint;
import org.layerwise.settings.DataSettings;
import org.layerwise.tensor.Engines;
import org.layerwise.testing.BackgroundThreads;
import org.layerwise.testing.CancelledProgress;
import org.layerwise.testing.WordTokenizer;

class ModelTokenizerTest {

    @TempDir
    Path folder;

    /** As {@code tokenizer.apply_chat_template(..., tokenize=True)} of transformers, which has add_special_tokens=False. */
    @Test
    void nothingIsAddedToWhatAChatTemplateWrote() throws IOException {
        Dataset chat = read(
                "{\"messages\": [{\"role\": \"user\", \"content\": \"7\"}, {\"role\": \"assistant\", \"content\": \"9\"}]}",
                TaskPreset.CHAT);
        Dataset plain = read("{\"text\": \"7 9\"}", null);
        WordTokenizer.copy("llama", folder);
        WordTokenizer.write(folder, 20, Map.of(0, "<unk>", 1, "<s>", 2, "</s>"), List.of(0, 1, 2));
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                "{\"tokenizer_class\": \"LlamaTokenizer\", \"bos_token\": \"<s>\", \"eos_token\": \"</s>\", \"chat_template\": \"{% for m in messages %}{{ m['content'] }}{{ eos_token }}{% endfor %}\"}");

        try (Checkpoint checkpoint = Checkpoint.open(folder);
                ModelTokenizer tokenizer = new ModelTokenizer(
                        ModelBlueprint.read(Engines.shared(), checkpoint),
                        new TokenizerCheck(folder),
                        ModelListener.none())) {
            assertThat(ids(tokenizer, chat)).containsExactly(7, 2, 9, 2);
            assertThat(tokenizer
                            .prompts(chat, DataSettings.of("rows"), 1, Progress.none())
                            .rows()
                            .get(0)
                            .ids())
                    .containsExactly(7, 2);
            assertThat(ids(tokenizer, plain)).containsExactly(1, 7, 9);
        }
    }

    @Test
    void aTokenizerOpenedAheadMakesTheSameTokensInTheSameOrder() throws IOException {
        WordTokenizer.copy("bert", folder);
        WordTokenizer.write(folder, 20, Map.of(), List.of());
        List<String> lines = IntStream.range(0, 1000)
                .mapToObj(row -> "{\"text\": \"%s %s\"}".formatted(row % 7 + 3, row % 11 + 3))
                .toList();
        Dataset text = read(String.join("\n", lines), null);

        List<List<Long>> expected = tokenized(text, tokenizer -> {});

        assertThat(expected).hasSize(1000);
        assertThat(tokenized(text, tokenizer -> tokenizer.begin(progress -> false)))
                .isEqualTo(expected);
        assertThat(tokenized(text, tokenizer -> beginAndOverwrite(tokenizer, "{")))
                .isEqualTo(expected);
    }

    /** Overwrites the tokenizer's file after the opening ahead has ended. */
    private void beginAndOverwrite(ModelTokenizer tokenizer, String content) {
        tokenizer.begin(progress -> true);
        BackgroundThreads.awaitEnd("open tokenizer");
        try {
            Files.writeString(folder.resolve("tokenizer.json"), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aTokenizerThatCannotBeOpenedAheadIsReportedAtItsUse() throws IOException {
        WordTokenizer.copy("bert", folder);
        Files.writeString(folder.resolve("tokenizer.json"), "{");
        Dataset text = read("{\"text\": \"7 8\"}", null);

        for (boolean ahead : new boolean[] {false, true}) {
            assertThatThrownBy(() -> tokenized(text, tokenizer -> tokenizer.begin(progress -> ahead)))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("tokenizer.json");
        }
    }

    @Test
    void aTokenizerThatCouldNotBeOpenedAheadIsOpenedAgain() throws IOException {
        WordTokenizer.copy("bert", folder);
        WordTokenizer.write(folder, 20, Map.of(), List.of());
        Path file = folder.resolve("tokenizer.json");
        String right = Files.readString(file);
        Files.writeString(file, "{");
        Dataset text = read("{\"text\": \"7 8\"}", null);

        List<List<Long>> tokens = tokenized(text, tokenizer -> {
            beginAndOverwrite(tokenizer, right);
            assertThatThrownBy(() -> tokenizer.tokenize(text, DataSettings.of("rows"), Progress.none()))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("tokenizer.json");
        });

        assertThat(tokens).containsExactly(List.of(7L, 8L));
    }

    @Test
    void anOpeningAheadGoesOnAfterACancelledWait() throws IOException {
        WordTokenizer.copy("bert", folder);
        WordTokenizer.write(folder, 20, Map.of(), List.of());
        Dataset text = read("{\"text\": \"7 8\"}", null);

        List<List<Long>> tokens = tokenized(text, tokenizer -> {
            beginAndOverwrite(tokenizer, "{");
            assertThatThrownBy(
                            () -> tokenizer.tokenize(text, DataSettings.of("rows"), CancelledProgress.when(() -> true)))
                    .isInstanceOf(CancelledException.class);
        });

        assertThat(tokens).containsExactly(List.of(7L, 8L));
    }

    @Test
    @Timeout(60)
    void theOpeningOfATokenizerIsToldToWhoeverWaits() throws IOException {
        WordTokenizer.copy("bert", folder);
        WordTokenizer.write(folder, 20, Map.of(), List.of());
        Dataset text = read("{\"text\": \"7 8\"}", null);
        CountDownLatch told = new CountDownLatch(1);
        Set<String> messages = ConcurrentHashMap.newKeySet();
        Progress waiting = new Progress() {
            @Override
            public void report(double fraction, String message) {
                messages.add(message);
                told.countDown();
            }

            @Override
            public boolean cancelled() {
                return false;
            }
        };

        try (Checkpoint checkpoint = Checkpoint.open(folder);
                ModelTokenizer tokenizer = tokenizer(checkpoint)) {
            tokenizer.begin(progress -> {
                progress.report(0, "Reading the rows of the test");
                while (told.getCount() > 0) {
                    CancellableWait.sleep(Duration.ofMillis(10), progress);
                }
                return false;
            });
            tokenizer.tokenize(text, DataSettings.of("rows"), waiting);
        }

        assertThat(messages).contains("Reading the rows of the test", "Opening the tokenizer");
    }

    @Test
    @Timeout(30)
    void anOpeningAheadEndsWithTheTokenizerOrTheWork() throws IOException {
        WordTokenizer.copy("bert", folder);
        WordTokenizer.write(folder, 20, Map.of(), List.of());
        Dataset text = read("{\"text\": \"7 8\"}", null);
        AtomicBoolean ended = new AtomicBoolean();

        try (Checkpoint checkpoint = Checkpoint.open(folder);
                ModelTokenizer tokenizer = tokenizer(checkpoint)) {
            tokenizer.begin(progress -> {
                try {
                    CancellableWait.sleep(Duration.ofHours(1), progress);
                    return true;
                } finally {
                    ended.set(true);
                }
            });
            assertThatThrownBy(
                            () -> tokenizer.tokenize(text, DataSettings.of("rows"), CancelledProgress.when(() -> true)))
                    .isInstanceOf(CancelledException.class);
        }

        assertThat(ended).isTrue();
    }

    private ModelTokenizer tokenizer(Checkpoint checkpoint) {
        return new ModelTokenizer(
                ModelBlueprint.read(Engines.shared(), checkpoint), new TokenizerCheck(folder), ModelListener.none());
    }

    private List<List<Long>> tokenized(Dataset rows, Consumer<ModelTokenizer> before) {
        try (Checkpoint checkpoint = Checkpoint.open(folder);
                ModelTokenizer tokenizer = tokenizer(checkpoint)) {
            before.accept(tokenizer);
            return tokenizer.tokenize(rows, DataSettings.of("rows"), Progress.none()).rows().stream()
                    .map(row -> Arrays.stream(row.ids()).boxed().toList())
                    .toList();
        }
    }

    /** transformers hands on no token types that {@code model_input_names} or the tokenizer's class leaves out. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            {}                                                                   | true
            {"model_input_names": ["input_ids", "attention_mask"]}               | false
            {"tokenizer_class": "DistilBertTokenizerFast"}                       | false
            {"tokenizer_class": "RobertaTokenizer", "model_input_names": ["token_type_ids"]} | true
            """)
    void typesOfPairs(String configuration, boolean typed) throws IOException {
        WordTokenizer.copy("bert", folder);
        WordTokenizer.write(folder, 20, Map.of(), List.of());
        Files.writeString(folder.resolve("tokenizer_config.json"), configuration);
        Dataset pairs = read("{\"text\": \"7 8\", \"text_pair\": \"9\"}", null);

        try (Checkpoint checkpoint = Checkpoint.open(folder);
                ModelTokenizer tokenizer = new ModelTokenizer(
                        ModelBlueprint.read(Engines.shared(), checkpoint),
                        new TokenizerCheck(folder),
                        ModelListener.none())) {
            TokenRow row = tokenizer
                    .tokenize(pairs, DataSettings.of("rows"), Progress.none())
                    .rows()
                    .get(0);

            assertThat(row.ids()).containsExactly(7, 8, 9);
            assertThat(row.typeIds()).isEqualTo(typed ? new long[] {0, 0, 1} : null);
        }
    }

    /** As transformers has it where {@code labels} are the {@code input_ids}: the loss counts what the tokenizer adds, too. */
    @ParameterizedTest
    @CsvSource({"'{\"text\": \"7 9\"}',1 7 9 2", "'{\"text\": \"7\", \"text_pair\": \"8 9\"}',1 7 2 1 8 9 2"})
    void allTokensOfPlainTextAreLearnt(String line, String expected) throws IOException {
        WordTokenizer.copy("llama", folder);
        WordTokenizer.write(folder, 20, Map.of(0, "<unk>", 1, "<s>", 2, "</s>"), List.of(0, 1, 2));
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                "{\"tokenizer_class\": \"LlamaTokenizer\", \"bos_token\": \"<s>\", \"eos_token\": \"</s>\", \"add_eos_token\": true}");
        Dataset text = read(line, null);

        try (Checkpoint checkpoint = Checkpoint.open(folder);
                ModelTokenizer tokenizer = new ModelTokenizer(
                        ModelBlueprint.read(Engines.shared(), checkpoint),
                        new TokenizerCheck(folder),
                        ModelListener.none())) {
            TokenizedDataset rows = tokenizer.tokenizeToLearn(text, DataSettings.of("rows"), Progress.none());

            assertThat(rows.rows().get(0).ids()).containsExactly(numbers(expected));
            assertThat(((Labels.TokenLabels) rows.labels()).values()[0])
                    .as("nothing predicts the first token")
                    .containsExactly(numbers(expected.replaceFirst("1", "-100")));
        }
    }

    /** As {@code tokenizer(prompt)} of transformers, but for the token that would end the prompt. */
    @ParameterizedTest
    @CsvSource({
        "7 9, false, 1 7 9",
        "7 9, true, 1 7 9",
        "7 9 </s>, false, 1 7 9 2",
        "7 9 </s>, true, 1 7 9 2",
        "</s>, false, 1 2",
        "</s> </s>, true, 1 2 2"
    })
    void onlyTheAppendedEndOfAPromptIsDropped(String text, boolean appended, String expected) throws IOException {
        WordTokenizer.copy("llama", folder);
        WordTokenizer.write(folder, 20, Map.of(0, "<unk>", 1, "<s>", 2, "</s>"), List.of(0, 1, 2));
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                "{\"tokenizer_class\": \"LlamaTokenizer\", \"bos_token\": \"<s>\", \"eos_token\": \"</s>\", \"add_eos_token\": %s}"
                        .formatted(appended));
        Dataset prompt = read("{\"text\": \"%s\"}".formatted(text), null);

        try (Checkpoint checkpoint = Checkpoint.open(folder);
                ModelTokenizer tokenizer = new ModelTokenizer(
                        ModelBlueprint.read(Engines.shared(), checkpoint),
                        new TokenizerCheck(folder),
                        ModelListener.none())) {
            TokenizedDataset prompts = tokenizer.prompts(prompt, DataSettings.of("rows"), 1, Progress.none());

            assertThat(prompts.rows().get(0).ids()).containsExactly(numbers(expected));
        }
    }

    private static long[] numbers(String text) {
        return Stream.of(text.split(" ")).mapToLong(Long::parseLong).toArray();
    }

    private static long[] ids(ModelTokenizer tokenizer, Dataset data) {
        TokenizedDataset rows = tokenizer.tokenizeToLearn(data, DataSettings.of("rows"), Progress.none());
        return rows.rows().get(0).ids();
    }

    private Dataset read(String line, TaskPreset preset) throws IOException {
        Path file = Files.writeString(folder.resolve("rows.jsonl"), line + "\n");
        return new DatasetReader()
                .read(DataSource.of(file.toString()).withPreset(preset), LabelUse.IGNORE, Progress.none());
    }
}
