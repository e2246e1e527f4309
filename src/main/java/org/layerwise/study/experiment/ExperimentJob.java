package org.layerwise.study.experiment;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.CancelledException;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.WritablePaths;
import org.layerwise.data.Excerpt;
import org.layerwise.run.RunLock;
import org.layerwise.run.TrainingSummary;
import org.layerwise.settings.BestMetric;
import org.layerwise.settings.RemoteOptions;
import org.layerwise.settings.RunSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.Workbench;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.cluster.ClusterExtraction;
import org.layerwise.study.cluster.ClusterQueue;
import org.layerwise.study.cluster.ClusterTraining;
import org.layerwise.study.cluster.SubmittedRun;
import org.layerwise.study.cluster.TrainingExport;
import org.layerwise.study.experiment.rules.PlanStatus;
import org.layerwise.study.experiment.rules.Stopping;
import org.layerwise.study.experiment.rules.SweepRule;
import org.layerwise.study.experiment.statistics.StoppingRule;
import org.layerwise.study.model.OpenModel;
import org.layerwise.study.training.PlannedTraining;
import org.layerwise.study.training.RunQueue;
import org.layerwise.study.training.Runs;

/**
 * Experiment: trains the same model with adapters on the layers of each arm, with several seeds, each with its best
 * learning rate. All runs are ordinary runs in subfolders of the experiment's folder.
 * Finished runs are not repeated, and interrupted runs are resumed.
 */
public final class ExperimentJob {

    private static final double READ = 0.01;
    private static final double ANALYSED = 0.05;
    private static final double TRAINED = 0.95;

    private final Workbench workbench;
    private final OpenModel model;
    private final ExperimentSettings settings;
    private final Supplier<Runs> queues;
    private final Function<Path, Optional<String>> sent;
    private final @Nullable ClusterExtraction extraction;

    public ExperimentJob(Workbench workbench, OpenModel model, ExperimentSettings settings) {
        this(workbench, model, settings, () -> new RunQueue(workbench, model), run -> Optional.empty(), null);
    }

    /**
     * Creates an experiment.
     *
     * @param sent function that returns the name of the model that a run was sent to a cluster with, if it is a
     *     different model
     */
    private ExperimentJob(
            Workbench workbench,
            OpenModel model,
            ExperimentSettings settings,
            Supplier<Runs> queues,
            Function<Path, Optional<String>> sent,
            @Nullable ClusterExtraction extraction) {
        this.queues = queues;
        this.sent = sent;
        this.extraction = extraction;
        this.workbench = workbench;
        this.model = model;
        this.settings = settings;
    }

    /**
     * Returns this experiment with each run as a job on a cluster, and the representations for the analysis computed by
     * another job. Work that needs more of the model is done on this computer: gradient-based measures, and the
     * predictions of classifiers by which arms are compared.
     *
     * @param cluster training on the cluster
     * @param extraction extraction of representations on the cluster
     * @param there options of each job
     */
    public ExperimentJob on(ClusterTraining cluster, ClusterExtraction extraction, RemoteOptions there) {
        return new ExperimentJob(
                workbench,
                model,
                settings,
                () -> new ClusterQueue(cluster, there, model),
                run -> new SubmittedRun(run).otherModel(there, model),
                extraction);
    }

    /**
     * Runs all missing runs, and writes the results. The folder is locked meanwhile: two programs that share the runs
     * would each find some of them busy, leave them out, and choose learning rates from the rest.
     *
     * @param pause switch that pauses the training between steps
     * @throws UserException if there are no rows for choosing or measuring, a setting does not fit the model or the rows,
     *     the folder contains an experiment with other settings or is locked by another program, or all runs of an arm
     *     fail
     * @throws CancelledException if the progress is cancelled; a further call resumes the experiment
     */
    public ExperimentResult run(PauseSwitch pause, Progress progress, ExperimentListener listener) {
        return locked(progress, (ruled, planned, here) -> {
            PlanStatus plan = ExperimentPlan.of(ruled, planned).status(ruled.out());
            ExperimentFile.write(ruled);
            ExperimentResult result = run(ruled, planned, plan, here, pause, progress, listener);
            ExperimentFolder.write(result, progress);
            return result;
        });
    }

    /**
     * Runs a pilot: chooses the learning rates of all and random layers, trains both with some seeds, and computes from
     * the validation rows how many seeds and rows the experiment needs, and how long it will take. No test row is used.
     *
     * @param seeds number of seeds, at least {@link Pilot#LEAST_SEEDS}
     * @throws UserException for the reasons of {@link #run}, or if there are no validation rows
     * @throws CancelledException if the progress is cancelled; a further call resumes the pilot
     */
    public Pilot pilot(int seeds, PauseSwitch pause, Progress progress, ExperimentListener listener) {
        if (settings.training().validation(settings.data()) == null) {
            throw new UserException(
                    "A pilot measures validation rows, and there are none; name a file with --validation.");
        }
        return locked(progress, (ruled, planned, here) -> {
            ExperimentFile.write(ruled);
            PilotRuns.Watch watch = new PilotRuns.Watch(listener);
            ExperimentSettings two = ruled.with(Pilot.ARMS);
            Prepared prepared = prepared(ruled, planned, here, progress, listener);
            int tries = tries(two, prepared);
            int all = tries + Pilot.ARMS.size() * seeds;
            CellRuns executor = new CellRuns(prepared.cells(), planned, queues, sent, watch, all);
            ExperimentRuns runs = new ExperimentRuns(workbench, two);
            double swept = ANALYSED + (1 - ANALYSED) * tries / all;
            LearningRateSweep.Chosen sweep = new LearningRateSweep(
                            two, prepared.rule(), prepared.steps(), executor, runs::metric)
                    .run(pause, progress.part(ANALYSED, swept), listener);
            Pilot pilot = new PilotRuns(ruled, seeds)
                    .run(
                            executor,
                            sweep.chosen(),
                            BestMetric.of(
                                    ruled.training().values(), ruled.data().preset(), planned.task()),
                            prepared.rule()
                                    .trainings(prepared.steps(), ruled.rates().size()),
                            watch,
                            pause,
                            progress.part(swept, 1));
            pilot.write(ruled.out());
            return pilot;
        });
    }

    /** Work in the folder of the experiment. */
    private interface Work<T> {

        /**
         * Does the work.
         *
         * @param ruled settings with a known rule for the learning rates
         * @param here model for computations on this computer
         */
        T run(ExperimentSettings ruled, PlannedTraining planned, LocalModel here);
    }

    /** Refuses what cannot be run, locks the folder, and does the work in it. */
    private <T> T locked(Progress progress, Work<T> work) {
        requireRows();
        CellSettings.requireUsable(model, settings);
        if (extraction != null) {
            TrainingExport.requireSupported(settings.training());
        }
        Path out = settings.out();
        WritablePaths.checkFolder(out);
        // a refusal leaves no new folder behind; nobody has locked or used a folder that does not exist
        PlannedTraining early = Files.exists(out) ? null : planned(progress);
        WritablePaths.requireFolder(out);
        try (RunLock lock = RunLock.take(out);
                LocalModel here = new LocalModel(workbench, model, settings.model())) {
            ExperimentFile.requireSame(settings);
            ExperimentSettings ruled = settings.with(settings.rules().with(sweepRule()));
            return work.run(ruled, early == null ? planned(progress) : early, here);
        }
    }

    /**
     * Layers and settings of an experiment's runs.
     *
     * @param analysis analysis that proposed layers; null if no arm needs one
     * @param steps number of steps of a training
     */
    private record Prepared(
            @Nullable Analysis analysis, Proposals proposals, CellSettings cells, SweepRule rule, int steps) {}

    private Prepared prepared(
            ExperimentSettings ruled,
            PlannedTraining planned,
            LocalModel here,
            Progress progress,
            ExperimentListener listener) {
        Analysis analysis = ruled.measures().isEmpty()
                ? null
                : new ExperimentAnalysis(workbench, model, ruled, extraction)
                        .run(here, progress.part(READ, ANALYSED), listener);
        Proposals proposals = Proposals.of(ruled, model.card().layers(), analysis);
        SweepRule rule = Objects.requireNonNull(ruled.rules().sweep());
        int steps = planned.steps(ruled.training());
        boolean cut = rule.rungs(steps, ruled.rates().size()).size() > 1;
        CellSettings cells = new CellSettings(
                model, ruled, proposals, cut ? OptionalInt.of(SweepRule.every(steps)) : OptionalInt.empty());
        return new Prepared(analysis, proposals, cells, rule, steps);
    }

    /** Returns the number of times that runs are begun or resumed to choose the learning rates of arms. */
    private static int tries(ExperimentSettings ruled, Prepared prepared) {
        return ruled.grid().sweep().isEmpty()
                ? 0
                : ruled.arms().size()
                        * prepared.rule().starts(prepared.steps(), ruled.rates().size());
    }

    /** Reads the rows, and refuses what every run would refuse, before anything is computed or written. */
    private PlannedTraining planned(Progress progress) {
        Progress reading = progress.part(0, READ);
        reading.report(0, "Reading the rows");
        return PlannedTraining.of(workbench, model, settings.data(), settings.training(), reading);
    }

    /**
     * Returns the rule that chooses learning rates: the one that was asked for, or that the experiment began with, or
     * successive halving where it is possible.
     *
     * @throws UserException if the experiment began with another rule, or halving is not possible
     */
    private SweepRule sweepRule() {
        SweepRule asked = settings.rules().sweep();
        Optional<SweepRule> began = ExperimentFile.sweep(settings.out());
        if (asked != null && began.isPresent() && began.get() != asked) {
            throw new UserException(
                    "The experiment in %s began with sweep %s, not %s; leave it as it was, or choose another folder with --out."
                            .formatted(settings.out(), began.get().id(), asked.id()));
        }
        Optional<String> unable = withoutHalving();
        if (asked == SweepRule.HALVING && unable.isPresent()) {
            throw new UserException("--sweep halving is not possible %s; choose --sweep full.".formatted(unable.get()));
        }
        if (asked != null) {
            return asked;
        }
        return began.orElse(unable.isPresent() ? SweepRule.FULL : SweepRule.HALVING);
    }

    /** Returns the reason why runs cannot stop for a comparison and be resumed, in words that follow "not possible". */
    private Optional<String> withoutHalving() {
        TrainingSettings training = settings.training();
        if (extraction != null) {
            return Optional.of("on a cluster, whose jobs run to their end");
        }
        return training.get(RunSettings.KEEP_BEST)
                        || training.values().find(RunSettings.PATIENCE).isPresent()
                ? Optional.of("with --keep-best or --patience, which would follow its evaluations")
                : Optional.empty();
    }

    private ExperimentResult run(
            ExperimentSettings ruled,
            PlannedTraining planned,
            PlanStatus plan,
            LocalModel here,
            PauseSwitch pause,
            Progress progress,
            ExperimentListener listener) {
        Prepared prepared = prepared(ruled, planned, here, progress, listener);
        RunGrid grid = ruled.grid();
        int tries = tries(ruled, prepared);
        int finals = ruled.arms().size() * ruled.seeds();
        double swept = ANALYSED + (TRAINED - ANALYSED) * tries / (tries + finals);
        ExperimentRuns runs = new ExperimentRuns(workbench, ruled);
        CellRuns executor = new CellRuns(prepared.cells(), planned, queues, sent, listener, tries + finals);
        LearningRateSweep.Chosen sweep = new LearningRateSweep(
                        ruled, prepared.rule(), prepared.steps(), executor, runs::metric)
                .run(pause, progress.part(ANALYSED, swept), listener);
        Map<Cell, TrainingSummary> ended = new LinkedHashMap<>();
        StoppingRule stopping = new StoppingRule(plan.seeds());
        int look = ruled.rules().stopping() == Stopping.HALF && stopping.applies() ? stopping.look() : 0;
        List<Arm> stopped = List.of();
        double looked = swept;
        if (look > 0) {
            looked = swept + (TRAINED - swept) * Math.min(look, ruled.seeds()) / ruled.seeds();
            int first = Math.min(look, ruled.seeds());
            ended.putAll(executor.train(
                    grid.finals(sweep.chosen(), 0, first, List.of()), pause, progress.part(swept, looked)));
            if (look < ruled.seeds() && !ended.isEmpty()) {
                BestMetric metric = runs.metric(ended.keySet().iterator().next());
                stopped = new EarlyLook(metric, ruled.training().seed())
                        .stopped(
                                sweep.chosen(),
                                runs.measured(ended, here, progress.part(looked, looked), listener::noted));
                stopped.forEach(arm -> listener.noted(stopped(arm, look, ruled)));
            }
        }
        ended.putAll(executor.train(
                grid.finals(sweep.chosen(), Math.min(look, ruled.seeds()), ruled.seeds(), stopped),
                pause,
                progress.part(looked, TRAINED)));
        if (ended.isEmpty()) {
            throw executor.noRun(ruled.arms().get(0));
        }
        runs.requireOneOrigin(sweep.summaries().keySet(), ended.keySet());
        Map<Arm, List<FinalRun>> measured = runs.measured(ended, here, progress.part(TRAINED, 1), listener::noted);
        ruled.arms().stream()
                .filter(arm -> !measured.containsKey(arm))
                .findFirst()
                .ifPresent(arm -> {
                    throw executor.noRun(arm);
                });
        Cell any = ended.keySet().iterator().next();
        BestMetric metric = runs.metric(any);
        return new ExperimentResult(
                ruled,
                model.card().name(),
                runs.run(any).task(),
                model.card().layers(),
                prepared.proposals().selected().orElse(null),
                metric,
                runs.rows(any, measured.values().iterator().next().get(0)),
                sweep.summaries(),
                new Comparisons(metric, ruled.training().seed(), ruled.level())
                        .arms(ruled.arms(), sweep.chosen(), sweep.tried(), measured),
                Map.copyOf(executor.broken()),
                runs.origin(any),
                remarks(
                        prepared,
                        stopped.stream().map(arm -> stopped(arm, look, ruled)).toList()),
                plan);
    }

    private void requireRows() {
        if (settings.rules().stopping() == Stopping.HALF && !settings.arms().contains(Arm.ALL)) {
            throw new UserException(
                    "--stopping half stops arms that are worse than all layers, which are no arm; add all to --arms,"
                            + " or leave it out.");
        }
        TrainingSettings training = settings.training();
        boolean validation = training.validation(settings.data()) != null;
        if (settings.rates().size() > 1 && !validation) {
            throw new UserException(
                    "Learning rates are chosen by validation rows, and there are none; name a file with --validation,"
                            + " or a single rate with --lr.");
        }
        if (training.test() == null && !validation) {
            throw new UserException(
                    "There are no rows to measure the arms by; name a file with --test or --validation.");
        }
    }

    private static String stopped(Arm arm, int look, ExperimentSettings ruled) {
        return "%s: stopped after %s of %s seeds by the rule of the plan, being certainly worse than all layers."
                .formatted(Excerpt.sentence(arm.words()), look, ruled.seeds());
    }

    private static List<String> remarks(Prepared prepared, List<String> stopped) {
        List<String> remarks = new ArrayList<>(stopped);
        if (prepared.analysis() != null) {
            remarks.addAll(prepared.analysis().remarks());
        }
        prepared.proposals().byMeasure().values().forEach(proposed -> proposed.remark()
                .ifPresent(remarks::add));
        return remarks;
    }
}
