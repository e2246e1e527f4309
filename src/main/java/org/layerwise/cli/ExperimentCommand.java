package org.layerwise.cli;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Decimals;
import org.layerwise.base.Limits;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.UserException;
import org.layerwise.base.file.Output;
import org.layerwise.base.file.WritablePaths;
import org.layerwise.base.setting.Setting;
import org.layerwise.cli.console.ConsoleProgress;
import org.layerwise.cli.option.ClusterOptions;
import org.layerwise.cli.option.DataOptions;
import org.layerwise.cli.option.ExclusiveOptions;
import org.layerwise.cli.option.InputFiles;
import org.layerwise.cli.report.EvaluationLine;
import org.layerwise.cli.report.ExperimentTable;
import org.layerwise.lora.LoraSettings;
import org.layerwise.run.TrainingSummary;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.ModelSettings;
import org.layerwise.settings.RemoteOptions;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.experiment.Arm;
import org.layerwise.study.experiment.Cell;
import org.layerwise.study.experiment.ExperimentFolder;
import org.layerwise.study.experiment.ExperimentJob;
import org.layerwise.study.experiment.ExperimentListener;
import org.layerwise.study.experiment.ExperimentResult;
import org.layerwise.study.experiment.ExperimentSettings;
import org.layerwise.study.experiment.Pilot;
import org.layerwise.study.experiment.rules.ExperimentRules;
import org.layerwise.study.experiment.rules.Stopping;
import org.layerwise.study.experiment.rules.SweepRule;
import org.layerwise.study.model.ModelUse;
import org.layerwise.study.model.OpenModel;
import org.layerwise.study.training.Runs;
import org.layerwise.training.OptimiserSettings;
import org.layerwise.training.TrainingListener;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Command {@code experiment}: compares costs and results of training the selected layers with all, random and the last
 * layers.
 */
@Command(
        name = "experiment",
        customSynopsis = {
            "layerwise experiment --config FILE [OPTIONS]",
            "       layerwise experiment --model MODEL --data FILE [OPTIONS] --out DIR"
        },
        description =
                "Train the same on all layers, selected, random and last ones, or those that each of several measures"
                        + " chooses, with several seeds, each with the learning rate that suits it; and report what the"
                        + " choice saves and costs. The same command resumes an experiment that was stopped.")
final class ExperimentCommand extends ModelCommand {

    private static final String STOPPED = "stopped; the same command goes on from there.";

    /**
     * Settings of the analysis that selects the layers. Its seed is that of the training, and its name that of the
     * data.
     */
    private static final List<Setting<?>> ANALYSIS = AnalysisSettings.VALUES.stream()
            .filter(setting -> setting != AnalysisSettings.SEED && setting != AnalysisSettings.NAME)
            .toList();

    /** Settings of the training, without the initial adapter, which would determine the layers of all arms. */
    private static final List<Setting<?>> TRAINING = TrainingSettings.VALUES.stream()
            .filter(setting -> setting != LoraSettings.INIT_ADAPTER)
            .toList();

    @Mixin
    private DataOptions data = new DataOptions();

    @Option(
            names = "--arms",
            paramLabel = "ARM[,ARM...]",
            split = ",",
            hideParamSyntax = true,
            description =
                    "What is compared: all, selected, random, last, or the layers by a measure of --measure; each also"
                            + " with -attention or -mlp for these modules alone, and with -half-r for half of the rank; a"
                            + " measure also with -ranks, which spreads ranks over all layers; pruned, the adapters of"
                            + " all pruned after training. Default: all, selected, random, last.")
    private @Nullable List<Arm> arms;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description = "Final runs an arm, with the seeds --seed, --seed + 1 and so on. Default: "
                    + ExperimentSettings.DEFAULT_SEEDS + ".")
    private @Nullable Integer seeds;

    @Option(
            names = "--lrs",
            paramLabel = "X[,X...]",
            split = ",",
            hideParamSyntax = true,
            description = "Peak learning rates that each arm chooses from by the validation rows, in runs with the seed"
                    + " --seed - 1. Default: that of --lr alone.")
    private @Nullable List<Double> rates;

    @Option(
            names = "--sweep",
            paramLabel = "halving|full",
            description =
                    "How an arm chooses among several rates: all train for a quarter of the steps, the better half"
                            + " goes on to a half of them, and the best two or more to the end; or all train to the end."
                            + " Default: halving, but full with --on, --keep-best or --patience.")
    private @Nullable SweepRule sweep;

    @Option(
            names = "--pilot",
            paramLabel = "N",
            description =
                    "Only a pilot: train all and random layers with N seeds of their own, at least 2, and print from"
                            + " the validation rows how many seeds and rows the experiment needs to show --difference, and"
                            + " its hours. Default: none.")
    private @Nullable Integer pilot;

    @Option(
            names = "--difference",
            paramLabel = "D",
            description =
                    "The difference between arms that matters, in the metric's own unit: 0.01 is one point of accuracy."
                            + " It stands in the plan. Default: none.")
    private @Nullable Double difference;

    @Option(
            names = "--stopping",
            paramLabel = "none|half",
            description = "After half of the planned seeds, stop arms that are certainly worse than all layers; the"
                    + " intervals at the end are a little wider for it. Default: none.")
    private @Nullable Stopping stopping;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            order = 800,
            required = true,
            description = "Folder for plan.yaml, the runs, results.csv, summary.csv, report.md and report.html.")
    private Path out = Path.of("");

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Override
    List<Setting<?>> offered() {
        return Setting.join(DataSettings.VALUES, ANALYSIS, TRAINING, ModelSettings.VALUES);
    }

    @Override
    List<ExclusiveOptions> rivals() {
        return List.of(
                ExclusiveOptions.of("--lr", "--lrs"),
                ExclusiveOptions.of("--warmup-ratio", "--warmup-steps"),
                ExclusiveOptions.of("--epochs", "--steps"));
    }

    @Override
    String farewell() {
        return cluster.named() ? super.farewell() : AFTER_STEP;
    }

    /** Returns the settings of the flags, with defaults for flags that were not given. */
    ExperimentSettings settings() {
        Limits.atLeast("--seeds", seeds, 1);
        Limits.atLeast("--pilot", pilot, Pilot.LEAST_SEEDS);
        if (difference != null) {
            Limits.aboveZeroWithinReason("--difference", difference);
        }
        TrainingSettings training = TrainingSettings.defaults().with(given(TRAINING));
        AnalysisSettings analysis = new AnalysisSettings(given(ANALYSIS).with(AnalysisSettings.SEED, training.seed()));
        return new ExperimentSettings(
                model().settings(compute()),
                data.settings(given(DataSettings.VALUES)),
                training,
                analysis,
                once("--arms", arms, Arm.USUAL),
                rates(training.get(OptimiserSettings.LEARNING_RATE)),
                seeds == null ? ExperimentSettings.DEFAULT_SEEDS : seeds,
                out,
                new ExperimentRules(sweep, stopping == null ? Stopping.NONE : stopping, difference));
    }

    private List<Double> rates(double single) {
        List<Double> all = once("--lrs", rates, List.of(single));
        all.forEach(rate -> Limits.aboveZeroWithinReason("--lrs", rate));
        return all;
    }

    private static <T> List<T> once(String flag, @Nullable List<T> given, List<T> usual) {
        if (given == null) {
            return usual;
        }
        if (given.stream().distinct().count() < given.size()) {
            throw new UserException("%s names something twice; name each once.".formatted(flag));
        }
        return given;
    }

    @Override
    void run() {
        ExperimentSettings settings = settings();
        Output target = new Output("--out", out);
        model().keep(target);
        data.keep(target, given(DataSettings.VALUES), ExperimentFolder::writes);
        InputFiles.ofHeldOut(settings.data(), settings.training().validation())
                .forEach(read -> target.requireKept("--validation", read, ExperimentFolder::writes));
        InputFiles.ofHeldOut(settings.data(), settings.training().test())
                .forEach(read -> target.requireKept("--test", read, ExperimentFolder::writes));
        WritablePaths.checkFolder(out);
        boolean there = cluster.given();
        cluster.check(context());
        RemoteOptions how = cluster.how();
        context().run("Experiment", (workbench, progress) -> {
            try (OpenModel open = open(workbench, there, ModelUse.ANY, progress)) {
                context().cancellation().cancelMessage(STOPPED);
                ExperimentJob job = new ExperimentJob(workbench, open, settings);
                ExperimentJob placed = there
                        ? job.on(cluster.training(workbench), cluster.extraction(workbench, open, progress::note), how)
                        : job;
                Spoken listener = new Spoken(progress, there);
                if (pilot != null) {
                    Pilot result = placed.pilot(pilot, new PauseSwitch(), progress.part(OPENED, 1), listener);
                    progress.close();
                    result.lines().forEach(context()::say);
                    return;
                }
                ExperimentResult result = placed.run(new PauseSwitch(), progress.part(OPENED, 1), listener);
                progress.close(); // the bar would overwrite the result
                ExperimentTable.lines(result).forEach(context()::say);
            }
        });
        context().say("Wrote " + out.resolve(pilot == null ? ExperimentFolder.REPORT : ExperimentFolder.PILOT));
    }

    /** Prints one line per run, and the remarks of the runs. */
    private static final class Spoken implements ExperimentListener {

        private final ConsoleProgress progress;
        private final boolean repeating;
        private final Set<String> told = new HashSet<>();
        private String place = "";

        /** @param repeating true to print a remark of each run, such as the state of its job, and not once in all */
        Spoken(ConsoleProgress progress, boolean repeating) {
            this.progress = progress;
            this.repeating = repeating;
        }

        @Override
        public void noted(String remark) {
            progress.note(remark);
        }

        @Override
        public TrainingListener begins(Cell cell, int number, int of) {
            place = "Run %s of %s".formatted(number, of);
            return TrainingListener.ofRemarks(remark -> {
                if (told.add(remark) || repeating) {
                    progress.note("%s: %s".formatted(place, remark));
                }
            });
        }

        @Override
        public void ended(Cell cell, Runs.Ended ended) {
            String came = ended.summary().map(Spoken::words).orElse("failed: " + ended.reason());
            progress.note(
                    "%s%s: %s".formatted(place.isEmpty() ? "Finished before, " : place + ", ", cell.words(), came));
            place = "";
        }

        @Override
        public void made(Cell cell, Runs.Ended made) {
            progress.note("Without a training, %s: %s"
                    .formatted(cell.words(), made.summary().map(Spoken::words).orElse(made.reason())));
        }

        private static String words(TrainingSummary summary) {
            if (summary.cancelled()) {
                return "stopped after step " + summary.steps();
            }
            return Optional.ofNullable(summary.test())
                    .map(test -> "on the test rows " + EvaluationLine.words(test))
                    .or(() -> Optional.ofNullable(summary.after())
                            .map(after -> "on the validation rows " + EvaluationLine.words(after)))
                    .orElse(Decimals.shortest(summary.secondsPerStep()) + " s a step");
        }
    }
}
