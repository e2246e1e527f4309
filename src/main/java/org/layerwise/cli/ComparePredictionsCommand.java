package org.layerwise.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.UserException;
import org.layerwise.base.file.Output;
import org.layerwise.base.file.WritablePaths;
import org.layerwise.base.setting.Setting;
import org.layerwise.cli.console.ConsoleProgress;
import org.layerwise.cli.option.DataOptions;
import org.layerwise.cli.report.PredictionComparisonLines;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.ModelSettings;
import org.layerwise.study.Workbench;
import org.layerwise.study.evaluation.PredictionComparison;
import org.layerwise.study.evaluation.PredictionComparisonFile;
import org.layerwise.study.evaluation.PredictionComparisonJob;
import org.layerwise.study.model.ModelListener;
import org.layerwise.study.model.ModelLocator;
import org.layerwise.study.model.ModelUse;
import org.layerwise.study.model.OpenModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Command {@code compare-predictions}: tells how far apart the predictions of two models are on the same rows. */
@Command(
        name = "compare-predictions",
        customSynopsis = {
            "layerwise compare-predictions --model MODEL --other-adapter DIR --data FILE [OPTIONS]",
            "       layerwise compare-predictions --model MODEL --other-model MODEL --data FILE [OPTIONS]"
        },
        description = "Compare what two models predict on the same rows, or one with and without an adapter: the"
                + " Jensen-Shannon divergence of their distributions in bits, and how often their most probable"
                + " outcomes differ, with 95 %% intervals over rows. Of classifiers a row is one prediction, of"
                + " language models each learnt token. Of a sample task the validation rows are taken.")
final class ComparePredictionsCommand extends ModelCommand {

    @Option(
            names = "--adapter",
            paramLabel = "DIR",
            description = "Adapter of the first model, from train or HuggingFace PEFT. Default: none.")
    private @Nullable Path adapter;

    @Option(names = "--other-model", paramLabel = "MODEL", description = "The second model. Default: the first one.")
    private @Nullable String otherModel;

    @Option(names = "--other-adapter", paramLabel = "DIR", description = "Adapter of the second model. Default: none.")
    private @Nullable Path otherAdapter;

    @Mixin
    private DataOptions data = new DataOptions();

    @Option(names = "--out", paramLabel = "FILE.json", description = "Write all numbers here. Default: none.")
    private @Nullable Path out;

    @Option(
            names = "--rows",
            paramLabel = "FILE.csv",
            description = "Write a line a row here: row, predictions, divergence_bits, disagreement. Default: none.")
    private @Nullable Path rows;

    @Override
    List<Setting<?>> offered() {
        return Setting.join(DataSettings.VALUES, ModelSettings.VALUES);
    }

    @Override
    boolean computes() {
        return true;
    }

    @Override
    void run() {
        DataSettings settings = data.settings(given(DataSettings.VALUES));
        String name = model().name();
        boolean same = otherModel == null || otherModel.equals(name);
        if (same && (adapter == null ? otherAdapter == null : adapter.equals(otherAdapter))) {
            throw new UserException(
                    "Both sides are the same model; give --other-adapter DIR or --other-model MODEL, too.");
        }
        requireFiles();
        context().run("Compare predictions", (workbench, progress) -> {
            try (OpenModel first = open(workbench, false, ModelUse.FORWARD, progress);
                    OpenModel second = same ? null : openOther(workbench, progress)) {
                PredictionComparison result = new PredictionComparisonJob(
                                workbench,
                                new PredictionComparisonJob.Side(first, adapter),
                                new PredictionComparisonJob.Side(second == null ? first : second, otherAdapter),
                                settings)
                        .run(progress.part(2 * OPENED, 1));
                if (out != null) {
                    PredictionComparisonFile.write(out, result);
                }
                if (rows != null) {
                    PredictionComparisonFile.writeRows(rows, result);
                }
                progress.noteCut(result.cutRows());
                progress.close(); // the bar would overwrite the result
                result.remarks().forEach(progress::note);
                PredictionComparisonLines.of(result).forEach(context()::say);
            }
        });
    }

    private OpenModel openOther(Workbench workbench, ConsoleProgress progress) {
        ModelSettings settings = ModelSettings.of(Objects.requireNonNull(otherModel), compute());
        return context()
                .keepingDownload(
                        settings.model(),
                        () -> workbench.openModel(
                                settings,
                                new PauseSwitch(),
                                ModelListener.none(),
                                ModelUse.FORWARD,
                                progress.part(OPENED, 2 * OPENED)));
    }

    private void requireFiles() {
        if (out != null && rows != null) {
            new Output("--rows", rows).requireOther("--out", out);
        }
        if (out != null) {
            requireFile(new Output("--out", out));
        }
        if (rows != null) {
            requireFile(new Output("--rows", rows));
        }
    }

    private void requireFile(Output output) {
        model().keep(output);
        data.keep(output, given(DataSettings.VALUES));
        if (otherModel != null) {
            ModelLocator.folder(otherModel).ifPresent(folder -> output.requireOutside("--other-model", folder));
        }
        if (adapter != null) {
            output.requireOutside("--adapter", adapter);
        }
        if (otherAdapter != null) {
            output.requireOutside("--other-adapter", otherAdapter);
        }
        WritablePaths.requireFile(output.path());
    }
}
