package org.layerwise.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.file.WritablePaths;
import org.layerwise.base.setting.Setting;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.cli.option.DataOptions;
import org.layerwise.cli.option.ExclusiveOptions;
import org.layerwise.cli.option.RemoteModelOptions;
import org.layerwise.cli.option.TrainingOptions;
import org.layerwise.remote.Cluster;
import org.layerwise.remote.ClusterRegistry;
import org.layerwise.remote.JobProgram;
import org.layerwise.remote.WorkerCount;
import org.layerwise.remote.slurm.SlurmRequest;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.ModelSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.cluster.TrainingExport;
import org.layerwise.study.model.OpenModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Command {@code export-job}: writes a training as a folder, for people who submit jobs by hand. */
@Command(
        name = "export-job",
        customSynopsis = "layerwise export-job --model MODEL --data FILE [OPTIONS] --out DIR",
        description =
                "Write a training as a folder that runs anywhere Python has torch, transformers and peft: its settings, its tokens, the"
                        + " initial adapter, the program, a script for Slurm and a page that says how to start it. The flags are"
                        + " those of train.")
final class ExportJobCommand extends ModelCommand {

    @Mixin
    private DataOptions data = new DataOptions();

    @Mixin
    private TrainingOptions training = new TrainingOptions();

    @Option(
            names = "--for",
            paramLabel = "NAME",
            order = 800,
            description =
                    "Write the script for this Slurm queue (layerwise remote list). Default: one node without GPUs.")
    private @Nullable String queue;

    @Option(names = "--out", paramLabel = "DIR", order = 801, required = true, description = "Folder for the job.")
    private Path out = Path.of("");

    @Mixin
    private RemoteModelOptions there = new RemoteModelOptions();

    @Override
    List<Setting<?>> offered() {
        return Setting.join(DataSettings.VALUES, TrainingSettings.VALUES, ModelSettings.VALUES);
    }

    @Override
    List<ExclusiveOptions> rivals() {
        return List.of(
                ExclusiveOptions.of("--selection", "--layers"),
                ExclusiveOptions.of("--warmup-ratio", "--warmup-steps"),
                ExclusiveOptions.of("--epochs", "--steps"));
    }

    @Override
    void run() {
        Optional<Cluster.Slurm> slurm = Optional.ofNullable(queue)
                .map(new ClusterRegistry(context().folders().config())::get)
                .map(ExportJobCommand::slurm);
        SlurmRequest request = slurm.map(Cluster.Slurm::request).orElse(SlurmRequest.ONE_NODE);
        String python = slurm.map(Cluster.Slurm::python).orElse("python3");
        DataSettings rows = data.settings(given(DataSettings.VALUES));
        model().name();
        SettingValues values = given(TrainingSettings.VALUES);
        WritablePaths.checkFolder(out);
        String[] inside = out.toFile().list();
        if (inside != null && inside.length > 0) {
            throw new UserException(
                    "%s is not empty, and a job in it may have a run by now; name another folder with --out, or delete it."
                            .formatted(out));
        }
        context().run("Export", (workbench, progress) -> {
            try (OpenModel open = openElsewhere(workbench, progress)) {
                new TrainingExport(
                                workbench,
                                open,
                                rows,
                                training.settings(open.card(), values, progress::note),
                                there.by(new WorkerCount(1, false)),
                                request.gpus() > 0)
                        .write(out, folder -> JobProgram.write(folder, request, python), progress.part(OPENED, 1));
            }
            progress.close();
            context().say("Wrote %s; README.md in it says how to start it.".formatted(out));
        });
    }

    private static Cluster.Slurm slurm(Cluster target) {
        if (target instanceof Cluster.Slurm slurm) {
            return slurm;
        }
        throw new UserException("%s is a Ray cluster, which needs no script; name a Slurm queue, or leave --for out."
                .formatted(target.name()));
    }
}
