package org.layerwise.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Limits;
import org.layerwise.base.UserException;
import org.layerwise.base.file.Output;
import org.layerwise.base.file.WritablePaths;
import org.layerwise.base.json.Json;
import org.layerwise.base.setting.Setting;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.cli.console.ConsoleProgress;
import org.layerwise.cli.option.BenchmarkOptions;
import org.layerwise.cli.option.DataOptions;
import org.layerwise.cli.option.ExclusiveOptions;
import org.layerwise.cli.option.InputFiles;
import org.layerwise.cli.report.BenchmarkLines;
import org.layerwise.cli.report.EvaluationReport;
import org.layerwise.data.TaskPreset;
import org.layerwise.generation.GenerationSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.ModelSettings;
import org.layerwise.study.evaluation.Benchmark;
import org.layerwise.study.evaluation.BenchmarkJob;
import org.layerwise.study.evaluation.BenchmarkReport;
import org.layerwise.study.evaluation.BenchmarkResult;
import org.layerwise.study.evaluation.BenchmarkSettings;
import org.layerwise.study.evaluation.EvaluationJob;
import org.layerwise.study.evaluation.EvaluationSettings;
import org.layerwise.study.model.ModelUse;
import org.layerwise.study.model.OpenModel;
import org.layerwise.training.TaskKind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Command {@code evaluate}: prints the metrics of a model, with or without an adapter, as one line of JSON. */
@Command(
        name = "evaluate",
        customSynopsis = "layerwise evaluate --model MODEL [--adapter DIR] --data FILE [OPTIONS]",
        description =
                "Measure a model, with or without an adapter, and print one line of JSON: loss, samples, and accuracy,"
                        + " matthews, f1 for classes, pearson, spearman for numbers, perplexity for text. Of a sample task (--data"
                        + " sample:...) the validation rows are measured, which train does not see. Where the model is wrong is"
                        + " told beside it: the confusion matrix and the rows with the largest errors. With --benchmark it is"
                        + " measured by what it writes.")
final class EvaluateCommand extends ModelCommand {

    @Option(
            names = "--adapter",
            paramLabel = "DIR",
            description = "Adapter that train wrote, or one of HuggingFace PEFT. Default: none.")
    private @Nullable Path adapter;

    @Mixin
    private DataOptions data = new DataOptions();

    @Option(
            names = "--task",
            paramLabel = "classification|regression|causal-lm",
            description = "What was learnt. Default: from the adapter or the checkpoint, else from the label's type.")
    private @Nullable TaskKind task;

    @Option(
            names = "--mismatched",
            paramLabel = "FILE",
            description =
                    "MNLI's rows of other genres, measured as well (--preset mnli): a file, or the folder that has"
                            + " them. Default: none.")
    private @Nullable String mismatched;

    @Option(
            names = "--worst",
            paramLabel = "N",
            description = "How many of the rows with the largest errors to show. Default: "
                    + EvaluationSettings.DEFAULT_WORST + ".")
    private @Nullable Integer worst;

    @Option(
            names = "--predictions",
            paramLabel = "FILE.jsonl",
            description =
                    "Write a line a row: row, label, predicted, logits; of answers prompt, generated, extracted, gold, correct;"
                            + " of code what its harness reads. Default: none.")
    private @Nullable Path predictions;

    @Option(
            names = "--out",
            paramLabel = "FILE.json",
            description = "Write the result here, with the confusion matrix and the worst rows. Default: none.")
    private @Nullable Path out;

    @Mixin
    private BenchmarkOptions benchmark = new BenchmarkOptions();

    @Override
    List<Setting<?>> offered() {
        return Setting.join(DataSettings.VALUES, GenerationSettings.SAMPLING, ModelSettings.VALUES);
    }

    @Override
    List<ExclusiveOptions> rivals() {
        return List.of(
                new ExclusiveOptions(List.of(Set.of("--benchmark"), Set.of("--task", "--mismatched", "--worst"))));
    }

    @Override
    boolean computes() {
        return true;
    }

    @Override
    void run() {
        DataSettings rows = data.settings(given(DataSettings.VALUES));
        model().name();
        requireFiles(rows);
        SettingValues sampling = given(GenerationSettings.SAMPLING);
        Benchmark asked = benchmark.benchmark(sampling);
        if (asked == null) {
            Limits.atLeast("--worst", worst, 0);
            measure(new EvaluationSettings(
                    adapter,
                    rows,
                    mismatchedRows(rows),
                    task,
                    worst == null ? EvaluationSettings.DEFAULT_WORST : worst,
                    predictions,
                    out,
                    null));
        } else {
            // a truncated prompt would ask a different question
            DataSettings whole = rows.withDefaultMaxLength(Integer.MAX_VALUE);
            ask(benchmark.settings(asked, sampling, adapter, whole, predictions, out));
        }
    }

    private void measure(EvaluationSettings settings) {
        context().run("Evaluate", (workbench, progress) -> {
            try (OpenModel open = open(workbench, false, ModelUse.FORWARD, progress)) {
                EvaluationJob.Result result =
                        new EvaluationJob(workbench, open, settings).run(progress.part(OPENED, 1));
                progress.noteCut(result.cutRows());
                noteFirst(progress, settings.data(), result.evaluation().samples());
                progress.close(); // the bar would overwrite the result
                EvaluationReport.lines(result).forEach(progress::note);
                result.remarks().forEach(progress::note);
                context().say(EvaluationReport.json(result));
            }
        });
    }

    private void ask(BenchmarkSettings settings) {
        context().run("Evaluate", (workbench, progress) -> {
            try (OpenModel open = open(workbench, false, ModelUse.GENERATION, progress)) {
                BenchmarkResult result = new BenchmarkJob(workbench, open, settings).run(progress.part(OPENED, 1));
                progress.noteCut(result.cutRows());
                if (!settings.benchmark().ofCode()) {
                    noteFirst(progress, settings.data(), result.samples());
                }
                progress.close(); // the bar would overwrite the result
                BenchmarkLines.of(result, predictions).forEach(progress::note);
                context().say(Json.line(BenchmarkReport.json(result)));
            }
        });
    }

    private static void noteFirst(ConsoleProgress progress, DataSettings rows, int samples) {
        if (rows.samples() == null && samples == DataSettings.DEFAULT_SAMPLES) {
            progress.note("Measured the first %s rows; --samples takes more.".formatted(DataSettings.DEFAULT_SAMPLES));
        }
    }

    private @Nullable DataSettings mismatchedRows(DataSettings rows) {
        if (mismatched == null) {
            return null;
        }
        if (rows.preset() != TaskPreset.MNLI) {
            throw new UserException(
                    "--mismatched is for MNLI, whose validation rows are of two kinds; give --preset mnli, or leave it out.");
        }
        return rows.ofMismatched(mismatched);
    }

    private void requireFiles(DataSettings rows) {
        if (predictions != null && out != null) {
            new Output("--predictions", predictions).requireOther("--out", out);
        }
        if (predictions != null) {
            requireFile(new Output("--predictions", predictions), rows);
        }
        if (out != null) {
            requireFile(new Output("--out", out), rows);
        }
    }

    private void requireFile(Output output, DataSettings rows) {
        model().keep(output);
        data.keep(output, given(DataSettings.VALUES));
        if (mismatched != null) {
            InputFiles.ofHeldOut(rows, mismatched).forEach(read -> output.requireNot("--mismatched", read));
        }
        if (adapter != null) {
            output.requireOutside("--adapter", adapter);
        }
        WritablePaths.requireFile(output.path());
    }
}
