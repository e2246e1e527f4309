package org.layerwise.study.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.generation.GenerationSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.OpenModel;
import org.layerwise.testing.Golden;
import org.layerwise.testing.WordTokenizer;

/** What benchmarks leave behind. */
class BenchmarkJobTest {

    @TempDir
    private Path folder;

    private Workbench workbench;
    private OpenModel model;
    private int liveBefore;

    @BeforeEach
    void open() throws IOException {
        workbench = TinyStudy.workbench(folder.resolve("home"));
        liveBefore = workbench.engine().liveTensors();
        Path copy = WordTokenizer.copy("llama", folder.resolve("model"));
        WordTokenizer.write(copy, 130, Map.of(), List.of());
        model = workbench.openModel(copy.toString(), "cpu", Progress.none());
    }

    @AfterEach
    void close() {
        model.close();
        assertThat(workbench.engine().liveTensors()).isEqualTo(liveBefore);
    }

    private BenchmarkJob job(Benchmark benchmark, Path data, double temperature) {
        return job(benchmark, data, temperature, null);
    }

    private BenchmarkJob job(Benchmark benchmark, Path data, double temperature, @Nullable Path adapter) {
        return new BenchmarkJob(
                workbench,
                model,
                new BenchmarkSettings(
                        benchmark,
                        PromptForm.PLAIN,
                        adapter,
                        DataSettings.of(data.toString()),
                        new GenerationSettings(8, temperature, 1, 3, false, List.of()),
                        folder.resolve("predictions.jsonl"),
                        folder.resolve("result.json")));
    }

    private Path questions() throws IOException {
        return Files.writeString(
                folder.resolve("rows.jsonl"), "{\"question\": \"4 5 6\", \"answer\": \"#### 7\"}\n".repeat(5));
    }

    @Test
    void tensorsAreFreedAndTheSameSeedDrawsTheSame() throws IOException {
        Path data = questions();
        int open = workbench.engine().liveTensors();
        job(Benchmark.GSM8K, data, 1.5).run(Progress.none());
        assertThat(workbench.engine().liveTensors()).isEqualTo(open);
        String first = Files.readString(folder.resolve("predictions.jsonl"));
        assertThat(first.lines()
                        .map(line -> line.replaceFirst("\"row\":\\d,", ""))
                        .distinct())
                .as("rows draw on their own")
                .hasSizeGreaterThan(1);

        job(Benchmark.GSM8K, data, 1.5).run(Progress.none());
        assertThat(folder.resolve("predictions.jsonl")).hasContent(first);
    }

    @Test
    void anAdapterIsUsedAndFreed() throws IOException {
        Path data = questions();
        job(Benchmark.GSM8K, data, 0).run(Progress.none());
        String without = Files.readString(folder.resolve("predictions.jsonl"));
        int open = workbench.engine().liveTensors();
        Path adapter = Golden.folder("lora_llama").resolve("adapter_final");

        job(Benchmark.GSM8K, data, 0, adapter).run(Progress.none());
        assertThat(Files.readString(folder.resolve("predictions.jsonl"))).isNotEqualTo(without);
        assertThat(workbench.engine().liveTensors()).isEqualTo(open);

        new GenerationJob(
                        workbench,
                        model,
                        adapter,
                        new GenerationJob.Source.Prompt("4 5 6"),
                        GenerationSettings.greedy(3))
                .run(folder.resolve("out.jsonl"), Progress.none());
        assertThat(workbench.engine().liveTensors()).isEqualTo(open);
    }

    @Test
    void aCancelledOneWritesNothing() throws IOException {
        Path data = questions();
        int open = workbench.engine().liveTensors();
        AtomicBoolean generating = new AtomicBoolean();
        Progress progress = new Progress() {
            @Override
            public void report(double fraction, String message) {
                generating.compareAndSet(false, message.startsWith("Generating"));
            }

            @Override
            public boolean cancelled() {
                return generating.get();
            }
        };
        assertThatThrownBy(() -> job(Benchmark.GSM8K, data, 0).run(progress)).isInstanceOf(CancelledException.class);
        assertThat(generating).isTrue();
        assertThat(workbench.engine().liveTensors()).isEqualTo(open);
        assertThat(folder.resolve("predictions.jsonl")).doesNotExist();
        assertThat(folder.resolve("result.json")).doesNotExist();
    }

    /** The table of settings stands below the benchmarks, and so cannot take their numbers from them. */
    @Test
    void theSettingNamesTheUsualNumberOfTokensOfEveryBenchmark() {
        String text = GenerationSettings.MAX_NEW_TOKENS.defaultText();
        for (Benchmark benchmark : Benchmark.values()) {
            assertThat(text)
                    .containsPattern(
                            "\\b%s for [a-z0-9, ]*(and )?%s\\b".formatted(benchmark.newTokens(), benchmark.id()));
        }
        assertThat(text).startsWith(GenerationSettings.DEFAULT_MAX_NEW_TOKENS + ";");
    }
}
