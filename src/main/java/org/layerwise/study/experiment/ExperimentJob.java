package org.layerwise.study.experiment;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.CancelledException;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.WritablePaths;
import org.layerwise.data.Excerpt;
import org.layerwise.run.Run;
import org.layerwise.run.RunLock;
import org.layerwise.run.TrainingSummary;
import org.layerwise.settings.BestMetric;
import org.layerwise.settings.RemoteOptions;
import org.layerwise.study.Workbench;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.cluster.ClusterExtraction;
import org.layerwise.study.cluster.ClusterQueue;
import org.layerwise.study.cluster.ClusterTraining;
import org.layerwise.study.cluster.SubmittedRun;
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
            Schedule schedule = Schedule.of(ruled, two, planned, Pilot.ARMS.size() * seeds, 1);
            CellRuns executor = prepared(ruled, planned, here, schedule, pause, progress, watch)
                    .executor();
            ExperimentRuns runs = new ExperimentRuns(workbench, two);
            LearningRateSweep.Chosen sweep = new LearningRateSweep(
                            two, schedule.rule(), schedule.steps(), executor, runs::metric)
                    .run(pause, progress.part(schedule.probed(), schedule.swept()), listener);
            Pilot pilot = new PilotRuns(ruled, seeds)
                    .run(
                            executor,
                            sweep.chosen(),
                            BestMetric.of(
                                    ruled.training().values(), ruled.data().preset(), planned.task()),
                            schedule.rule()
                                    .trainings(schedule.steps(), ruled.rates().size()),
                            schedule.probe()
                                    .map(probe -> (double) probe.steps() / schedule.steps())
                                    .orElse(0.0),
                            watch,
                            pause,
                            progress.part(schedule.swept(), 1));
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
        ExperimentRequirements requirements = new ExperimentRequirements(model, settings, extraction != null);
        requirements.requireAll();
        Path out = settings.out();
        WritablePaths.checkFolder(out);
        // a refusal leaves no new folder behind; nobody has locked or used a folder that does not exist
        PlannedTraining early = Files.exists(out) ? null : planned(progress);
        WritablePaths.requireFolder(out);
        try (RunLock lock = RunLock.take(out);
                LocalModel here = new LocalModel(workbench, model, settings.model())) {
            ExperimentFile.requireSame(settings);
            ExperimentSettings ruled = settings.with(settings.rules().with(requirements.sweepRule()));
            return work.run(ruled, early == null ? planned(progress) : early, here);
        }
    }

    /**
     * Runs that an experiment or a pilot begins or resumes, from which shares of the progress follow.
     *
     * @param rule rule that chooses learning rates
     * @param steps number of steps of a training
     * @param probe probe; empty if no arm needs one
     * @param tries number of times that runs are begun or resumed to choose the learning rates of arms
     * @param finals number of the runs after that
     * @param end fraction of the progress after all runs
     */
    private record Schedule(SweepRule rule, int steps, Optional<ProbeRun> probe, int tries, int finals, double end) {

        /**
         * Returns the schedule.
         *
         * @param ruled settings of the experiment, with a known rule for the learning rates
         * @param swept the same with the arms that are trained
         */
        static Schedule of(
                ExperimentSettings ruled, ExperimentSettings swept, PlannedTraining planned, int finals, double end) {
            SweepRule rule = Objects.requireNonNull(ruled.rules().sweep());
            int steps = planned.steps(ruled.training());
            int tries = swept.grid().sweep().isEmpty()
                    ? 0
                    : swept.trained().size() * rule.starts(steps, ruled.rates().size());
            return new Schedule(rule, steps, ProbeRun.of(ruled, steps), tries, finals, end);
        }

        private int probes() {
            return probe.isPresent() ? 1 : 0;
        }

        int all() {
            return probes() + tries + finals;
        }

        double probed() {
            return ANALYSED + (end - ANALYSED) * probes() / all();
        }

        double swept() {
            return ANALYSED + (end - ANALYSED) * (probes() + tries) / all();
        }
    }

    /**
     * Layers of an experiment's arms, and what executes its runs.
     *
     * @param remarks sentences on the analyses that proposed layers, and on the probe
     * @param executor executor of the runs of the arms
     */
    private record Prepared(Proposals proposals, List<String> remarks, CellRuns executor) {}

    /** Analyses the model, and trains and analyses the probe, if arms need it. */
    private Prepared prepared(
            ExperimentSettings ruled,
            PlannedTraining planned,
            LocalModel here,
            Schedule schedule,
            PauseSwitch pause,
            Progress progress,
            ExperimentListener listener) {
        List<Analysis> analyses = new ArrayList<>();
        List<String> remarks = new ArrayList<>();
        ExperimentAnalysis ofModel = new ExperimentAnalysis(workbench, model, ruled, extraction);
        if (!ruled.measuresOfModel().isEmpty()) {
            analyses.add(ofModel.run(here, progress.part(READ, ANALYSED), listener));
        }
        int steps = schedule.steps();
        CellSettings cells = new CellSettings(
                model,
                ruled,
                Proposals.ofAllLayers(ruled, model),
                steps,
                schedule.rule().rungs(steps, ruled.rates().size()).size() > 1);
        CellRuns executor = new CellRuns(cells, planned, queues, sent, listener, schedule.all());
        if (schedule.probe().isPresent()) {
            ProbeRun probe = schedule.probe().get();
            Progress part = progress.part(ANALYSED, schedule.probed());
            Cell cell = probe.cell();
            TrainingSummary summary =
                    executor.train(List.of(cell), pause, part.part(0, TRAINED)).get(cell);
            if (summary == null) {
                throw executor.noRun(cell.arm());
            }
            analyses.add(ofModel.of(Run.open(executor.folder(cell))).run(here, part.part(TRAINED, 1), listener));
            remarks.add(probe.remark(ruled.measuresOfAdapter(), summary));
        }
        analyses.forEach(analysis -> remarks.addAll(analysis.remarks()));
        Proposals proposals = Proposals.of(ruled, model, analyses);
        proposals.byMeasure().values().forEach(proposed -> proposed.remark().ifPresent(remarks::add));
        return new Prepared(proposals, remarks, executor.with(cells.with(proposals)));
    }

    /** Reads the rows, and refuses what every run would refuse, before anything is computed or written. */
    private PlannedTraining planned(Progress progress) {
        Progress reading = progress.part(0, READ);
        reading.report(0, "Reading the rows");
        return PlannedTraining.of(workbench, model, settings.data(), settings.training(), reading);
    }

    private ExperimentResult run(
            ExperimentSettings ruled,
            PlannedTraining planned,
            PlanStatus plan,
            LocalModel here,
            PauseSwitch pause,
            Progress progress,
            ExperimentListener listener) {
        RunGrid grid = ruled.grid();
        Schedule schedule = Schedule.of(ruled, ruled, planned, ruled.trained().size() * ruled.seeds(), TRAINED);
        Prepared prepared = prepared(ruled, planned, here, schedule, pause, progress, listener);
        CellRuns executor = prepared.executor();
        ExperimentRuns runs = new ExperimentRuns(workbench, ruled);
        // jobs on a cluster are all trained
        @Nullable EqualRuns equal = extraction == null ? new EqualRuns(executor.cells(), runs) : null;
        FinalRuns finals = new FinalRuns(
                executor,
                equal,
                new PrunedRuns(
                        runs, prepared.proposals().count(), prepared.proposals().reason(Arm.PRUNED), here),
                listener);
        double swept = schedule.swept();
        LearningRateSweep.Chosen sweep = new LearningRateSweep(
                        ruled, schedule.rule(), schedule.steps(), executor, runs::metric)
                .run(pause, progress.part(schedule.probed(), swept), listener);
        Map<Cell, TrainingSummary> ended = new LinkedHashMap<>();
        StoppingRule stopping = new StoppingRule(plan.seeds());
        int look = ruled.rules().stopping() == Stopping.HALF && stopping.applies() ? stopping.look() : 0;
        List<Arm> stopped = List.of();
        double looked = swept;
        if (look > 0) {
            looked = swept + (TRAINED - swept) * Math.min(look, ruled.seeds()) / ruled.seeds();
            int first = Math.min(look, ruled.seeds());
            ended.putAll(
                    finals.run(grid.finals(sweep.chosen(), 0, first, List.of()), pause, progress.part(swept, looked)));
            if (look < ruled.seeds() && !ended.isEmpty()) {
                BestMetric metric = runs.metric(ended.keySet().iterator().next());
                stopped = new EarlyLook(stopping, metric, ruled.training().seed())
                        .stopped(runs.measured(ended, here, progress.part(looked, looked), listener::noted));
                stopped.forEach(arm -> listener.noted(stopped(arm, look, ruled)));
            }
        }
        ended.putAll(finals.run(
                grid.finals(sweep.chosen(), Math.min(look, ruled.seeds()), ruled.seeds(), stopped),
                pause,
                progress.part(looked, TRAINED)));
        if (ended.isEmpty()) {
            throw executor.noRun(ruled.arms().get(0));
        }
        List<String> remarks = new ArrayList<>();
        stopped.forEach(arm -> remarks.add(stopped(arm, look, ruled)));
        remarks.addAll(prepared.remarks());
        if (equal != null) {
            remarks.addAll(equal.remarks(ended.keySet().stream()
                    .filter(cell -> cell.arm().isTrained())
                    .toList()));
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
                new Comparisons(metric, ruled.training().seed(), ruled.level(plan.seeds()))
                        .arms(ruled.arms(), sweep.chosen(), sweep.tried(), measured),
                Map.copyOf(executor.broken()),
                runs.origin(any),
                List.copyOf(remarks),
                plan);
    }

    private static String stopped(Arm arm, int look, ExperimentSettings ruled) {
        return "%s: stopped after %s of %s seeds by the rule of the plan, being certainly worse than all layers."
                .formatted(Excerpt.sentence(arm.words()), look, ruled.seeds());
    }
}
