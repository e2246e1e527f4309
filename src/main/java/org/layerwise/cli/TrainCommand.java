package org.layerwise.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.UserException;
import org.layerwise.base.file.Output;
import org.layerwise.base.file.WritablePaths;
import org.layerwise.base.setting.Setting;
import org.layerwise.cli.console.ConsoleProgress;
import org.layerwise.cli.option.ClusterOptions;
import org.layerwise.cli.option.DataOptions;
import org.layerwise.cli.option.ExclusiveOptions;
import org.layerwise.cli.option.TrainingOptions;
import org.layerwise.cli.report.EvaluationLine;
import org.layerwise.cli.report.ModelNotes;
import org.layerwise.run.ExistingRun;
import org.layerwise.run.Run;
import org.layerwise.run.RunState;
import org.layerwise.run.RunStore;
import org.layerwise.run.TrainingSummary;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.ModelSettings;
import org.layerwise.settings.RemoteOptions;
import org.layerwise.settings.StartMode;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.Workbench;
import org.layerwise.study.cluster.ClusterListener;
import org.layerwise.study.cluster.ClusterTraining;
import org.layerwise.study.model.OpenModel;
import org.layerwise.study.training.ResumeJob;
import org.layerwise.study.training.TrainingJob;
import org.layerwise.training.Evaluation;
import org.layerwise.training.StepRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Command {@code train}: trains LoRA adapters on the selected layers. */
@Command(
        name = "train",
        customSynopsis = "layerwise train --model MODEL --data FILE [OPTIONS] --out DIR",
        description = "Train LoRA adapters on the selected layers, or on all.")
final class TrainCommand extends ModelCommand {

    /** Value of {@code --resume} without a folder. */
    private static final String THE_SAME = "--out";

    /** Flags that do not affect the training itself. */
    private static final Set<String> BESIDE = Set.of("--out", "--resume", "--overwrite", "--config", "--help");

    @Mixin
    private DataOptions data = new DataOptions();

    @Mixin
    private TrainingOptions training = new TrainingOptions();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            order = 800,
            description =
                    "Run folder for adapter/, checkpoints/, metrics.jsonl, config.yaml, run.json and summary.json. Default: that of --resume.")
    private @Nullable Path out;

    @Option(
            names = "--resume",
            paramLabel = "DIR",
            arity = "0..1",
            fallbackValue = THE_SAME,
            order = 801,
            description =
                    "Go on with the run in DIR, or in that of --out, from its last checkpoint, with the settings of its"
                            + " config.yaml. Default: begin anew.")
    private @Nullable String resume;

    @Option(
            names = "--overwrite",
            order = 802,
            description = "Replace the run that is in --out already. Default: such a folder is refused.")
    private boolean overwrite;

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Override
    List<Setting<?>> offered() {
        return Setting.join(DataSettings.VALUES, TrainingSettings.VALUES, ModelSettings.VALUES);
    }

    @Override
    List<ExclusiveOptions> rivals() {
        return List.of(
                ExclusiveOptions.of("--selection", "--layers"),
                ExclusiveOptions.of("--resume", "--overwrite"),
                ExclusiveOptions.of("--warmup-ratio", "--warmup-steps"),
                ExclusiveOptions.of("--epochs", "--steps"));
    }

    /** Returns the model settings of the flags. */
    ModelSettings modelSettings() {
        return model().settings(compute());
    }

    /** Returns the data settings of the flags. */
    DataSettings dataSettings() {
        return data.settings(given(DataSettings.VALUES));
    }

    /**
     * Returns the training settings of the flags.
     *
     * @param modelLayers number of layers of the model, M
     */
    TrainingSettings trainingSettings(int modelLayers) {
        return training.settings(modelLayers, given(TrainingSettings.VALUES));
    }

    @Override
    String farewell() {
        boolean there = cluster.named()
                || resume != null && Run.isRemote(resume.equals(THE_SAME) && out != null ? out : Path.of(resume));
        return there ? super.farewell() : AFTER_STEP;
    }

    @Override
    boolean computes() {
        return true;
    }

    @Override
    void run() {
        if (resume == null) {
            if (!overwrite) {
                RunStore.requireNoRun(
                        out(), "--resume goes on with it, --overwrite replaces it, or name another folder with --out");
            }
            ExistingRun.requireNotElsewhere(out());
            StartMode start = overwrite ? StartMode.OVERWRITE : StartMode.NEW;
            if (cluster.given()) {
                beginElsewhere(out(), start);
            } else {
                begin(out(), start);
            }
            return;
        }
        Path folder = resume.equals(THE_SAME) ? out() : Path.of(resume);
        if (out != null && !out.equals(folder)) {
            throw new UserException(
                    "--resume %s and --out %s name two folders; a run goes on in its own.".formatted(folder, out));
        }
        if (Run.isRemote(folder)) {
            followElsewhere(folder);
            return;
        }
        if (cluster.given()) {
            throw new UserException(
                    "There is no run in %s that was sent to a cluster, so --resume goes on here; leave out --on, or --resume to send a new one."
                            .formatted(folder));
        }
        Optional<Run> run = Run.isRun(folder) ? Optional.of(Run.open(folder)) : Optional.empty();
        if (run.isPresent() && run.get().state() == RunState.FINISHED) {
            context().say("The run in %s is finished; there is nothing to resume.".formatted(folder));
        } else if (data.given()) {
            begin(folder, StartMode.RESUME);
        } else {
            goOn(run.orElseThrow(() -> new UserException(
                    "There is no run in %s to resume; name the folder that train wrote.".formatted(folder))));
        }
    }

    private Path out() {
        if (out == null) {
            throw new UserException("No run folder is named; give --out DIR.");
        }
        return out;
    }

    /** Trains on this computer with the settings of the flags. */
    private void begin(Path folder, StartMode start) {
        DataSettings rows = dataSettings();
        model().name();
        Output target = new Output("--out", folder);
        model().keep(target);
        data.keep(target, given(DataSettings.VALUES), Run::writes);
        training.keep(target, rows, given(TrainingSettings.VALUES));
        WritablePaths.checkFolder(folder);
        context().run("Train", (workbench, progress) -> {
            try (OpenModel open = open(workbench, progress)) {
                TrainingSettings settings =
                        training.settings(open.card(), given(TrainingSettings.VALUES), progress::note);
                train(workbench, progress, open, rows, settings, folder, start);
            }
        });
    }

    /** Trains on a cluster with the settings of the flags, and follows the run. */
    private void beginElsewhere(Path folder, StartMode start) {
        DataSettings rows = dataSettings();
        model().name();
        cluster.check(context());
        cluster.requireNoDevice(compute());
        RemoteOptions how = cluster.how();
        WritablePaths.checkFolder(folder);
        context().run("Train on " + cluster.name(), (workbench, progress) -> {
            ClusterTraining elsewhere = cluster.training(workbench);
            try (OpenModel open = openElsewhere(workbench, progress)) {
                TrainingSettings settings =
                        training.settings(open.card(), given(TrainingSettings.VALUES), progress::note);
                elsewhere.begin(open, rows, settings, folder, how, start, progress.part(OPENED, 1));
            }
            context().cancellation().cancelMessage(cluster.goesOn(folder));
            follow(elsewhere, folder, progress);
        });
    }

    /** Follows a run that is already on a cluster, and submits it again if it was interrupted. */
    private void followElsewhere(Path folder) {
        if (data.given()) {
            context().run("Train", (workbench, progress) -> requireSame(folder, workbench, progress));
        } else {
            requireOnlyResume(flag -> {
                throw new UserException(
                        "The run in %s goes on as it was sent, with its own settings and workers; leave out %s, or start anew into another folder."
                                .formatted(folder, flag));
            });
        }
        Run run = Run.open(folder);
        if (run.state() == RunState.FINISHED) {
            printSummary(run.summary()
                    .orElseThrow(() -> new UserException("The run in %s has no summary.json; fetch it again from %s."
                            .formatted(folder, run.place().orElseThrow()))));
            return;
        }
        context().run("Follow", (workbench, progress) -> {
            ClusterTraining elsewhere = cluster.training(workbench, folder);
            elsewhere.goOn(folder, progress);
            context().cancellation().cancelMessage(cluster.goesOn(folder));
            follow(elsewhere, folder, progress);
        });
    }

    /**
     * Requires that flags given with {@code --resume} are those with which the run was sent to a cluster, since it
     * cannot continue with other ones.
     *
     * @throws UserException if a flag differs
     */
    private void requireSame(Path folder, Workbench workbench, ConsoleProgress progress) {
        Optional<RemoteOptions> how = cluster.given() ? Optional.of(cluster.how()) : Optional.empty();
        ClusterTraining elsewhere = how.isPresent() ? cluster.training(workbench) : cluster.training(workbench, folder);
        try (OpenModel open = openElsewhere(workbench, progress)) {
            elsewhere.requireSame(
                    open,
                    dataSettings(),
                    trainingSettings(open.card().layers()),
                    folder,
                    how,
                    progress.part(OPENED, 1));
        }
    }

    private void follow(ClusterTraining elsewhere, Path folder, ConsoleProgress progress) {
        Optional<TrainingSummary> summary = elsewhere.follow(folder, progress, new Spoken(progress));
        progress.close();
        printSummary(summary.orElseThrow(() -> new UserException("The run in %s has no result: %s"
                .formatted(folder, Run.open(folder).reason()))));
    }

    /** Calls {@code refused} with the first flag, if any, that is given with {@code --resume} and would be ignored. */
    private void requireOnlyResume(Consumer<String> refused) {
        flags().stream().filter(flag -> !BESIDE.contains(flag)).findFirst().ifPresent(refused);
    }

    /** Resumes a run on this computer with the settings with which it began. */
    private void goOn(Run run) {
        requireOnlyResume(flag -> {
            throw new UserException(
                    "--resume goes on with the settings of %s; leave out %s, or name --model and --data, too."
                            .formatted(run.folder().resolve("config.yaml"), flag));
        });
        context().run("Train", (workbench, progress) -> {
            ResumeJob job = new ResumeJob(workbench, run.folder(), new PauseSwitch());
            printResult(progress, job.run(null, new ModelNotes(progress), progress, new Spoken(progress)));
        });
    }

    private void train(
            Workbench workbench,
            ConsoleProgress progress,
            OpenModel open,
            DataSettings rows,
            TrainingSettings settings,
            Path folder,
            StartMode start) {
        TrainingSummary summary = new TrainingJob(workbench, open, rows, settings, folder, start, new PauseSwitch())
                .run(progress.part(OPENED, 1), new Spoken(progress));
        printResult(progress, summary);
    }

    private void printResult(ConsoleProgress progress, TrainingSummary summary) {
        progress.noteCut(summary.cutRows());
        progress.close(); // the bar would overwrite the result
        printSummary(summary);
    }

    private void printSummary(TrainingSummary summary) {
        context()
                .say("%s after %s %s, %s trainable parameters of %s; %swrote %s"
                        .formatted(
                                summary.cancelled() ? "Stopped" : "Trained",
                                summary.steps(),
                                summary.steps() == 1 ? "step" : "steps",
                                summary.trainableParameters(),
                                summary.totalParameters(),
                                summary.keptEarlier()
                                        ? "kept the adapter of step %s; ".formatted(summary.adapterStep())
                                        : "",
                                summary.folder()));
    }

    /** Prints evaluations and remarks. Steps are part of the progress message. */
    private record Spoken(ConsoleProgress progress) implements ClusterListener {

        @Override
        public void step(StepRecord step) {
            // the job reports each step as progress
        }

        @Override
        public void evaluated(int step, Evaluation evaluation) {
            progress.note("%s: %s"
                    .formatted(step == 0 ? "Before training" : "After step " + step, EvaluationLine.words(evaluation)));
        }

        @Override
        public void noted(String remark) {
            progress.note(remark);
        }
    }
}
