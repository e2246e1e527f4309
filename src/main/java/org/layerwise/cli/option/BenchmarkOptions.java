package org.layerwise.cli.option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.generation.GenerationSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.study.evaluation.Benchmark;
import org.layerwise.study.evaluation.BenchmarkSettings;
import org.layerwise.study.evaluation.PromptForm;
import picocli.CommandLine.Option;

/** Flag {@code --benchmark} and the flags for generating the answers. */
public final class BenchmarkOptions {

    @Option(
            names = "--benchmark",
            paramLabel = "NAME",
            description =
                    "Measure by what the model writes: gsm8k, math, scienceqa (answers are compared), humaneval, mbpp"
                            + " (code for all problems is written to --predictions for their harness, and never run). Default:"
                            + " none, the head's outputs are measured.")
    private @Nullable Benchmark benchmark;

    @Option(
            names = "--prompt-form",
            paramLabel = "instruction|plain",
            description =
                    "Put questions in the prompt that instruction data are trained with, or in the form for models"
                            + " without instruction tuning. Default: instruction.")
    private @Nullable PromptForm form;

    @FreeText
    @Option(
            names = "--stop",
            paramLabel = "TEXT",
            description = "End an answer where it holds this, too; may be given several times. Default: where the model"
                    + " begins a new question.")
    private List<String> stops = new ArrayList<>();

    /**
     * Returns the benchmark; null if the outputs of the task head are measured.
     *
     * @param sampling values of {@link GenerationSettings#SAMPLING}
     * @throws UserException if another flag of a benchmark is given without {@code --benchmark}
     */
    public @Nullable Benchmark benchmark(SettingValues sampling) {
        boolean others = form != null
                || !stops.isEmpty()
                || GenerationSettings.SAMPLING.stream()
                        .anyMatch(setting -> sampling.given(setting).isPresent());
        if (benchmark == null && others) {
            throw new UserException(
                    "Only with --benchmark does evaluate let the model write; name one, or leave out --prompt-form, --max-new-tokens, --temperature, --top-p, --seed and --stop.");
        }
        return benchmark;
    }

    /**
     * Returns the settings of a benchmark.
     *
     * @param sampling values of {@link GenerationSettings#SAMPLING}
     * @throws UserException if a number is out of its range, or the benchmark cannot read the data
     */
    public BenchmarkSettings settings(
            Benchmark chosen,
            SettingValues sampling,
            @Nullable Path adapter,
            DataSettings data,
            @Nullable Path predictions,
            @Nullable Path out) {
        GenerationSettings generation = new GenerationSettings(sampling, chosen.newTokens(), stops);
        return new BenchmarkSettings(
                chosen, form == null ? PromptForm.INSTRUCTION : form, adapter, data, generation, predictions, out);
    }
}
