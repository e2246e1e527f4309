package org.layerwise.study.experiment;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Decimals;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.WritablePaths;
import org.layerwise.data.Excerpt;
import org.layerwise.run.RunLock;
import org.layerwise.run.TrainingSummary;
import org.layerwise.settings.BestMetric;
import org.layerwise.settings.RemoteOptions;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.Workbench;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.cluster.ClusterExtraction;
import org.layerwise.study.cluster.ClusterQueue;
import org.layerwise.study.cluster.ClusterTraining;
import org.layerwise.study.cluster.SubmittedRun;
import org.layerwise.study.cluster.TrainingExport;
import org.layerwise.study.model.OpenModel;
import org.layerwise.study.training.PlannedTraining;
import org.layerwise.study.training.RunQueue;
import org.layerwise.study.training.Runs;
import org.layerwise.training.Evaluation;
import org.layerwise.training.TrainingListener;

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
    private final Map<Cell, String> broken = new LinkedHashMap<>();
    private @Nullable PlannedTraining planned;
    private int begun;

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
            planned = early == null ? planned(progress) : early;
            ExperimentFile.write(settings);
            ExperimentResult result = run(here, pause, progress, listener);
            ExperimentFolder.write(result, progress);
            return result;
        }
    }

    /** Reads the rows, and refuses what every run would refuse, before anything is computed or written. */
    private PlannedTraining planned(Progress progress) {
        Progress reading = progress.part(0, READ);
        reading.report(0, "Reading the rows");
        return PlannedTraining.of(workbench, model, settings.data(), settings.training(), reading);
    }

    private ExperimentResult run(LocalModel here, PauseSwitch pause, Progress progress, ExperimentListener listener) {
        begun = 0;
        broken.clear();
        Analysis analysis = settings.measures().isEmpty()
                ? null
                : new ExperimentAnalysis(workbench, model, settings, extraction)
                        .run(here, progress.part(READ, ANALYSED), listener);
        Proposals proposals = Proposals.of(settings, model.card().layers(), analysis);
        CellSettings cells = new CellSettings(model, settings, proposals);
        RunGrid grid = settings.grid();
        List<Cell> sweep = grid.sweep();
        double swept = ANALYSED + (TRAINED - ANALYSED) * sweep.size() / grid.size();
        Map<Cell, TrainingSummary> tried =
                train(sweep, cells, pause, progress.part(ANALYSED, swept), listener, grid.size());
        Map<Arm, List<Sweep.Tried>> byArm = new LinkedHashMap<>();
        Map<Arm, Double> chosen = chosen(tried, byArm, listener);
        List<Cell> finals = grid.finals(chosen);
        Map<Cell, TrainingSummary> ended =
                train(finals, cells, pause, progress.part(swept, TRAINED), listener, grid.size());
        if (ended.isEmpty()) {
            throw noRun(settings.arms().get(0));
        }
        ExperimentRuns runs = new ExperimentRuns(workbench, settings);
        runs.requireOneOrigin(tried.keySet(), ended.keySet());
        Map<Arm, List<FinalRun>> measured = runs.measured(ended, here, progress.part(TRAINED, 1), listener::noted);
        settings.arms().stream()
                .filter(arm -> !measured.containsKey(arm))
                .findFirst()
                .ifPresent(arm -> {
                    throw noRun(arm);
                });
        Cell any = ended.keySet().iterator().next();
        BestMetric metric = runs.metric(any);
        return new ExperimentResult(
                settings,
                model.card().name(),
                runs.run(any).task(),
                model.card().layers(),
                proposals.selected().orElse(null),
                metric,
                runs.rows(any, measured.values().iterator().next().get(0)),
                tried,
                new Comparisons(metric, settings.training().seed()).arms(settings.arms(), chosen, byArm, measured),
                Map.copyOf(broken),
                runs.origin(any),
                analysis == null ? List.of() : remarks(analysis, proposals));
    }

    private void requireRows() {
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

    private static List<String> remarks(Analysis analysis, Proposals proposals) {
        List<String> remarks = new ArrayList<>(analysis.remarks());
        proposals.byMeasure().values().forEach(proposed -> proposed.remark().ifPresent(remarks::add));
        return remarks;
    }

    // the runs

    private Map<Cell, TrainingSummary> train(
            List<Cell> cells,
            CellSettings settingsOf,
            PauseSwitch pause,
            Progress progress,
            ExperimentListener listener,
            int of) {
        Runs queue = queues.get();
        Map<Path, Cell> byFolder = new LinkedHashMap<>();
        for (Cell cell : cells) {
            Path folder = folder(cell);
            byFolder.put(folder, cell);
            TrainingSettings training = settingsOf.training(cell);
            ExistingCellRun earlier = new ExistingCellRun(folder);
            earlier.requireLayers(cell, settingsOf.layers(cell));
            earlier.requireSame(Objects.requireNonNull(planned), training, progress.part(0, 0));
            earlier.requireModel(sent);
            earlier.deleteOldPredictions();
            queue.add(new Runs.Planned(folder, settings.model(), settings.data(), training));
        }
        Map<Cell, TrainingSummary> summaries = new LinkedHashMap<>();
        queue.run(pause, progress, new Runs.Listener() {

            private Cell cell(Runs.Planned run) {
                return Objects.requireNonNull(byFolder.get(run.out()));
            }

            @Override
            public TrainingListener begins(Runs.Planned run) {
                return listener.begins(cell(run), begun + 1, of);
            }

            @Override
            public void ended(Runs.Ended ended) {
                Cell cell = cell(ended.run());
                begun++;
                ended.summary()
                        .ifPresentOrElse(
                                summary -> summaries.put(cell, summary), () -> broken.put(cell, ended.reason()));
                listener.ended(cell, ended);
            }
        });
        progress.check();
        return summaries;
    }

    private Path folder(Cell cell) {
        return settings.out().resolve(cell.folder());
    }

    private Map<Arm, Double> chosen(
            Map<Cell, TrainingSummary> tried, Map<Arm, List<Sweep.Tried>> byArm, ExperimentListener listener) {
        Map<Arm, Double> chosen = new LinkedHashMap<>();
        if (settings.rates().size() == 1) {
            settings.arms().forEach(arm -> chosen.put(arm, settings.rates().get(0)));
            return chosen;
        }
        for (Map.Entry<Cell, TrainingSummary> run : tried.entrySet()) {
            Evaluation validation = run.getValue().after();
            if (validation != null) {
                byArm.computeIfAbsent(run.getKey().arm(), arm -> new ArrayList<>())
                        .add(new Sweep.Tried(run.getKey().rate(), validation));
            }
        }
        byArm.values().forEach(list -> list.sort(Comparator.comparingDouble(Sweep.Tried::rate)));
        for (Arm arm : settings.arms()) {
            if (!byArm.containsKey(arm)) {
                throw noRun(arm);
            }
            BestMetric metric = new ExperimentRuns(workbench, settings)
                    .metric(tried.keySet().iterator().next());
            Sweep.Tried best = Sweep.best(byArm.get(arm), metric).orElseThrow();
            chosen.put(arm, best.rate());
            listener.noted("%s: learning rate %s of %s."
                    .formatted(
                            Excerpt.sentence(arm.words()),
                            Decimals.shortest(best.rate()),
                            String.join(
                                    ", ",
                                    settings.rates().stream()
                                            .map(Decimals::shortest)
                                            .toList())));
        }
        return chosen;
    }

    private UserException noRun(Arm arm) {
        String reason = broken.entrySet().stream()
                .filter(entry -> entry.getKey().arm().equals(arm))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("no reason is known");
        return new UserException("No run on %s came to its end: %s".formatted(arm.words(), reason));
    }
}
