package org.layerwise.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.file.Output;
import org.layerwise.base.setting.Setting;
import org.layerwise.cli.console.TextTable;
import org.layerwise.cli.option.DataOptions;
import org.layerwise.cli.option.ExclusiveOptions;
import org.layerwise.selection.LayerList;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.ModelSettings;
import org.layerwise.study.adapter.PruningJob;
import org.layerwise.study.adapter.PruningOrder;
import org.layerwise.study.adapter.PruningResult;
import org.layerwise.study.adapter.PruningStep;
import org.layerwise.study.adapter.PruningTarget;
import org.layerwise.study.model.ModelUse;
import org.layerwise.study.model.OpenModel;
import org.layerwise.training.Evaluation;
import org.layerwise.training.TaskKind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Command {@code prune-adapter}: removes the adapters of layers one by one, and saves what remains. */
@Command(
        name = "prune-adapter",
        customSynopsis =
                "layerwise prune-adapter --model MODEL --adapter DIR --data FILE [--keep N|P%% | --within D] [OPTIONS]"
                        + " --out DIR",
        description =
                "Remove the adapters of layers one by one, measure the model on validation rows after each removal,"
                        + " and print the metric against the parameters that remain. With --keep or --within what remains"
                        + " is saved as an adapter that HuggingFace PEFT loads.")
final class PruneAdapterCommand extends ModelCommand {

    @Option(
            names = "--adapter",
            paramLabel = "DIR",
            required = true,
            description = "Adapter that train wrote, or one of HuggingFace PEFT.")
    private Path adapter = Path.of("adapter");

    @Mixin
    private DataOptions data = new DataOptions();

    @Option(
            names = "--task",
            paramLabel = "classification|regression|causal-lm",
            description = "What was learnt. Default: from the adapter or the checkpoint, else from the label's type.")
    private @Nullable TaskKind task;

    @Option(
            names = "--by",
            paramLabel = "energy|norm|loss",
            description = "Which layer goes next: the one with the least energy on the rows, the one with the smallest"
                    + " change of the weights, or the one whose removal raises the loss the least, which takes an"
                    + " evaluation for each layer that is left at each step. Default: energy.")
    private PruningOrder order = PruningOrder.ENERGY;

    @Option(
            names = "--keep",
            paramLabel = "N|P%",
            description =
                    "Save the adapter of so many layers, or of at most this share of the parameters, such as 50%%."
                            + " Default: none.")
    private @Nullable String keep;

    @Option(
            names = "--within",
            paramLabel = "D",
            description = "Save the fewest parameters with which the metric is worse by at most D, in its own units."
                    + " Default: none.")
    private @Nullable Double within;

    @Option(
            names = "--metric",
            paramLabel = "loss|NAME",
            description = "Metric of the table and of --within. Default: the task's own.")
    private @Nullable String metric;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "Folder for pruning.csv and the adapter, which is empty or not there yet.")
    private Path out = Path.of("pruned");

    @Override
    List<Setting<?>> offered() {
        return Setting.join(DataSettings.VALUES, ModelSettings.VALUES);
    }

    @Override
    List<ExclusiveOptions> rivals() {
        return List.of(new ExclusiveOptions(List.of(Set.of("--keep"), Set.of("--within"))));
    }

    @Override
    boolean computes() {
        return true;
    }

    @Override
    void run() {
        DataSettings rows = data.settings(given(DataSettings.VALUES));
        model().name();
        PruningTarget target = PruningTarget.of(keep, within);
        Output output = new Output("--out", out).requireOutside("--adapter", adapter);
        model().keep(output);
        data.keep(output, given(DataSettings.VALUES));
        context().run("Prune", (workbench, progress) -> {
            try (OpenModel open = open(workbench, false, ModelUse.FORWARD, progress)) {
                PruningResult result = new PruningJob(workbench, open, adapter, rows, task, order, target, metric, out)
                        .run(progress.part(OPENED, 1));
                progress.noteCut(result.cutRows());
                result.remarks().forEach(progress::note);
                progress.close(); // the bar would overwrite the result
                table(result).lines().forEach(context()::say);
                context().say("%s evaluations of %s rows.".formatted(result.evaluations(), result.samples()));
                PruningStep kept = result.kept();
                context()
                        .say(
                                kept == null
                                        ? "Wrote " + out
                                        : "Wrote %s with the adapters of layers %s"
                                                .formatted(out, LayerList.format(kept.layers())));
            }
        });
    }

    private static TextTable table(PruningResult result) {
        boolean loss = result.metric().name().equals(Evaluation.LOSS);
        TextTable table = loss
                ? TextTable.of(">removed", ">layers", ">parameters", ">share", ">loss", "")
                : TextTable.of(
                        ">removed",
                        ">layers",
                        ">parameters",
                        ">share",
                        ">" + result.metric().name(),
                        ">loss",
                        "");
        long whole = result.steps().get(0).parameters();
        for (PruningStep step : result.steps()) {
            String removed = step.removed() == null ? "-" : step.removed().toString();
            String layers = String.valueOf(step.layers().size());
            String parameters = String.format(Locale.ROOT, "%,d", step.parameters());
            String share = String.format(Locale.ROOT, "%.1f%%", 100.0 * step.parameters() / whole);
            String lost = decimals(step.evaluation().loss());
            String kept = step == result.kept() ? "kept" : "";
            if (loss) {
                table.row(removed, layers, parameters, share, lost, kept);
            } else {
                table.row(
                        removed,
                        layers,
                        parameters,
                        share,
                        decimals(result.metric().of(step.evaluation())),
                        lost,
                        kept);
            }
        }
        return table;
    }

    private static String decimals(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }
}
