package org.layerwise.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.base.UserException;
import org.layerwise.base.file.Output;
import org.layerwise.base.setting.Setting;
import org.layerwise.cli.console.TextTable;
import org.layerwise.cli.option.DataOptions;
import org.layerwise.cli.option.ModelOptions;
import org.layerwise.selection.LayerList;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.ModelSettings;
import org.layerwise.study.comparison.TrainingCheckpoints;
import org.layerwise.study.comparison.Trajectory;
import org.layerwise.study.comparison.TrajectoryFolder;
import org.layerwise.study.comparison.TrajectoryJob;
import org.layerwise.study.model.ModelLocator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Command {@code trajectory}: ranks the layers at each checkpoint of a training, and compares the checkpoints. */
@Command(
        name = "trajectory",
        customSynopsis = {
            "layerwise trajectory --checkpoints DIR --data FILE [OPTIONS] --out DIR",
            "       layerwise trajectory --checkpoints DIR --model MODEL --data FILE [OPTIONS] --out DIR"
        },
        description =
                "Rank the layers at each checkpoint of a training, and compare their outputs with those at the first and the"
                        + " last one, as maps of layers against steps. Reads a folder"
                        + " whose folders are HuggingFace checkpoints (step1000, step2000), or PEFT adapters"
                        + " (checkpoint-500) of --model, in the order of the last number in their names; or a run of"
                        + " train, with its own model by default. Stopped, it goes on with the next checkpoint when it is run again.")
final class TrajectoryCommand extends LayerwiseCommand {

    @Option(
            names = "--checkpoints",
            paramLabel = "DIR",
            required = true,
            description = "Folder that holds a folder for each checkpoint, or folder of a run.")
    private Path checkpoints = Path.of("");

    @Mixin
    private ModelOptions model = new ModelOptions();

    @Mixin
    private DataOptions data = new DataOptions();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "Folder for the maps as CSV and PNG, checkpoints.json and the analyses.")
    private Path out = Path.of("");

    @Override
    List<Setting<?>> offered() {
        return Setting.join(DataSettings.VALUES, AnalysisSettings.VALUES, ModelSettings.VALUES);
    }

    @Override
    boolean computes() {
        return true;
    }

    @Override
    void run() {
        AnalysisSettings settings = new AnalysisSettings(given(AnalysisSettings.VALUES));
        @Nullable DataSettings rows = settings.needsNoData() ? null : data.settings(given(DataSettings.VALUES));
        TrainingCheckpoints found = TrainingCheckpoints.in(checkpoints);
        Optional<ModelSettings> own = model.given() ? Optional.empty() : found.ownModel();
        if (found.adapters() && !model.given() && own.isEmpty()) {
            throw new UserException(
                    "%s holds adapters; give --model MODEL, the model that they adapt, too.".formatted(checkpoints));
        }
        if (!found.adapters() && model.given()) {
            throw new UserException(
                    "%s holds whole models; leave out --model, which is for adapters.".formatted(checkpoints));
        }
        Output target = new Output("--out", out);
        target.requireOutside("--checkpoints", checkpoints);
        ModelSettings base = own.map(settled ->
                        ModelSettings.of(settled.model(), settled.values().and(compute())))
                .orElseGet(() -> found.adapters()
                        ? model.settings(compute())
                        : ModelSettings.of(found.all().get(0).folder().toString(), compute()));
        if (found.adapters()) {
            ModelLocator.folder(base.model()).ifPresent(folder -> target.requireOutside("--model", folder));
        }
        TrajectoryFolder.check(out);
        context().run("Trajectory", (workbench, progress) -> {
            if (rows == null) {
                data.noteUnread(progress);
            }
            Trajectory trajectory = new TrajectoryJob(workbench, found, base, rows, settings, out).run(progress);
            progress.report(1, "Writing " + out);
            TrajectoryFolder.write(trajectory, out);
            progress.close();
            print(trajectory);
        });
        context().say("Wrote " + out);
    }

    private void print(Trajectory trajectory) {
        Measure first = trajectory.measures().get(0);
        TextTable table = TextTable.of("checkpoint", "most important layer", "selected");
        for (int i = 0; i < trajectory.checkpoints().size(); i++) {
            LayerImportance importance = trajectory.importances(first).get(i);
            table.row(
                    trajectory.checkpoints().get(i).name(),
                    importance.ranking(UndefinedLayers.EXCLUDE).stream()
                            .findFirst()
                            .map(String::valueOf)
                            .orElse("-"),
                    LayerList.format(trajectory.analyses().get(i).proposed().layers()));
        }
        context().say("By %s:".formatted(first.title()));
        table.lines().forEach(context()::say);
    }
}
