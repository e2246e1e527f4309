package org.layerwise.study.evaluation;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.data.SamplingMode;
import org.layerwise.generation.GenerationSettings;
import org.layerwise.settings.DataSettings;

/**
 * Settings of a benchmark.
 *
 * @param benchmark benchmark to run
 * @param form form of the questions
 * @param adapter folder of a PEFT adapter; null for none
 * @param data questions; a label column divides them into groups
 * @param generation generation settings; the benchmark's own stop strings are added
 * @param predictions file for one line per question, for benchmarks of code the file that their harness reads; null for
 *     none
 * @param out file for the result as JSON; null for none
 */
public record BenchmarkSettings(
        Benchmark benchmark,
        PromptForm form,
        @Nullable Path adapter,
        DataSettings data,
        GenerationSettings generation,
        @Nullable Path predictions,
        @Nullable Path out) {

    /**
     * Creates the settings.
     *
     * @throws UserException if the benchmark cannot read such data, or has no questions in this form
     */
    public BenchmarkSettings {
        if (DataSettings.isSample(data.data())) {
            throw new UserException("%s is a sample task, which has nothing to answer in words; name %s's own file."
                    .formatted(data.data(), benchmark.title()));
        }
        if (!data.compatibility().isEmpty()) {
            throw new UserException("--compat is for what the reference implementation measures; leave it out.");
        }
        if (!benchmark.has(form)) {
            throw new UserException(
                    "The questions of %s have no plain form; leave out --prompt-form.".formatted(benchmark.title()));
        }
        if (benchmark.ofCode()) {
            requireOwnFile(benchmark, data, predictions);
        } else if (data.preset() != null && data.preset() != benchmark.preset()) {
            throw new UserException("%s is read with --preset %s; leave out --preset %s."
                    .formatted(
                            benchmark.title(),
                            benchmark.preset().id(),
                            data.preset().id()));
        }
    }

    private static void requireOwnFile(Benchmark benchmark, DataSettings data, @Nullable Path predictions) {
        boolean columns = data.text() != null || data.label() != null || data.image() != null || data.preset() != null;
        if (columns || data.sampling() != SamplingMode.FIRST) {
            throw new UserException(
                    "%s is read from its own file, in order; leave out --text, --label, --image, --preset and --sampling."
                            .formatted(benchmark.title()));
        }
        if (predictions == null) {
            throw new UserException(
                    "The code that is written for %s is judged by its own harness; name a file for it with --predictions."
                            .formatted(benchmark.title()));
        }
        if (!predictions.toString().endsWith(".jsonl")) {
            throw new UserException("The harnesses of %s read files that end in .jsonl; name such a one instead of %s."
                    .formatted(benchmark.title(), predictions));
        }
    }
}
