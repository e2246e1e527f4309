package org.layerwise.study.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Decimals;
import org.layerwise.base.Json;
import org.layerwise.base.Pause;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.WholeFiles;
import org.layerwise.selection.Rule;
import org.layerwise.study.Analysis;
import org.layerwise.study.AnalysisFolder;
import org.layerwise.study.AnalysisJob;
import org.layerwise.study.BestMetric;
import org.layerwise.study.DataSettings;
import org.layerwise.study.EvaluationJob;
import org.layerwise.study.OpenModel;
import org.layerwise.study.Run;
import org.layerwise.study.RunQueue;
import org.layerwise.study.RunState;
import org.layerwise.study.TrainingSettings;
import org.layerwise.study.TrainingSummary;
import org.layerwise.study.Workbench;
import org.layerwise.training.Evaluation;
import org.layerwise.training.TaskKind;
import org.layerwise.training.TrainingListener;

/**
 * The same training on all layers, the selected ones, random ones and the last ones, with several seeds, each with the learning
 * rate that suits it. All runs are ordinary runs below the folder of the experiment; those that are finished are not run
 * again, and one that was cut off goes on.
 */
public final class ExperimentJob {

    private static final String ANALYSIS = "analysis";

    private static final double ANALYSED = 0.05;
    private static final double TRAINED = 0.95;

    private final Workbench workbench;
    private final OpenModel model;
    private final ExperimentSettings settings;
    private final Map<Cell, String> broken = new LinkedHashMap<>();
    private int begun;

    public ExperimentJob(Workbench workbench, OpenModel model, ExperimentSettings settings) {
        this.workbench = workbench;
        this.model = model;
        this.settings = settings;
    }

    /**
     * Runs what has not been run yet.
     *
     * @param pause holds up the steps
     * @throws UserException if there are no rows to choose or measure by, the folder holds an experiment with other settings,
     *     or no run of an arm comes to its end
     * @throws CancelledException if it was cancelled; run again, it goes on
     */
    public ExperimentResult run(Pause pause, Progress progress, ExperimentListener listener) {
        begun = 0;
        broken.clear();
        requireRows();
        ExperimentFile.begin(settings);
        Analysis analysis = analysis(progress.part(0, ANALYSED), listener);
        SortedSet<Integer> selected = selected(analysis);
        Grid grid = settings.grid();
        List<Cell> sweep = grid.sweep();
        double swept = ANALYSED + (TRAINED - ANALYSED) * sweep.size() / grid.size();
        Map<Cell, TrainingSummary> tried =
                train(sweep, selected, pause, progress.part(ANALYSED, swept), listener, grid.size());
        Map<Arm, List<Sweep.Tried>> byArm = new EnumMap<>(Arm.class);
        Map<Arm, Double> chosen = chosen(tried, byArm, listener);
        List<Cell> finals = grid.finals(chosen);
        Map<Cell, TrainingSummary> ended =
                train(finals, selected, pause, progress.part(swept, TRAINED), listener, grid.size());
        requireOneOrigin(tried, ended);
        Map<Arm, List<FinalRun>> runs = measured(ended, progress.part(TRAINED, 1));
        Cell any = ended.keySet().iterator().next();
        BestMetric metric = metric(any);
        FinalRun first = runs.values().iterator().next().get(0);
        return new ExperimentResult(
                settings,
                model.card().name(),
                run(any).task(),
                model.card().layers(),
                analysis == null ? null : selected,
                metric,
                new ExperimentResult.MeasuredRows(
                        measuredRows(),
                        settings.training().test() != null,
                        first.measured().samples(),
                        Integer.parseInt(run(any).config().getOrDefault("samples", "0"))),
                tried,
                new Comparisons(metric, settings.training().seed()).arms(settings.arms(), chosen, byArm, runs),
                Map.copyOf(broken),
                origin(any),
                analysis == null ? List.of() : remarks(analysis));
    }

    private void requireRows() {
        TrainingSettings training = settings.training();
        boolean validation = training.validation() != null
                || DataSettings.isSample(settings.data().data());
        if (settings.rates().size() > 1 && !validation) {
            throw new UserException(
                    "Learning rates are chosen by validation rows, and there are none; name a file with --validation, or a single rate with --lr.");
        }
        if (training.test() == null && !validation) {
            throw new UserException(
                    "There are no rows to measure the arms by; name a file with --test or --validation.");
        }
    }

    // the analysis

    private @Nullable Analysis analysis(Progress progress, ExperimentListener listener) {
        if (!settings.arms().contains(Arm.SELECTED)) {
            return null;
        }
        Path folder = settings.out().resolve(ANALYSIS);
        if (Files.isRegularFile(folder.resolve(AnalysisFolder.FILE))) {
            return AnalysisFolder.read(folder);
        }
        Analysis analysis =
                new AnalysisJob(workbench, model, settings.data(), settings.analysis()).run(progress, partial -> {});
        AnalysisFolder.write(analysis, folder);
        listener.noted("The analysis of %,d rows proposes %s."
                .formatted(analysis.samples(), analysis.proposed().summary()));
        return analysis;
    }

    /** The layers of the selected arm; without one, as many as its ratio asks for. */
    private SortedSet<Integer> selected(@Nullable Analysis analysis) {
        if (analysis == null) {
            int count = new Rule.TopRatio(settings.analysis().ratio())
                    .count(model.card().layers());
            return new TreeSet<>(IntStream.range(0, count).boxed().toList());
        }
        SortedSet<Integer> layers = analysis.proposed().layers();
        if (layers.isEmpty()) {
            throw new UserException(
                    "The analysis proposes no layer: the importance of all of them is undefined; take other rows, another --position or --undefined include.");
        }
        return layers;
    }

    private static List<String> remarks(Analysis analysis) {
        List<String> remarks = new ArrayList<>(analysis.remarks());
        analysis.proposed().reason().shortfallSentence().ifPresent(remarks::add);
        return remarks;
    }

    // the runs

    private Map<Cell, TrainingSummary> train(
            List<Cell> cells,
            SortedSet<Integer> selected,
            Pause pause,
            Progress progress,
            ExperimentListener listener,
            int of) {
        RunQueue queue = new RunQueue(workbench, model);
        Map<Path, Cell> byFolder = new LinkedHashMap<>();
        for (Cell cell : cells) {
            Path folder = folder(cell);
            byFolder.put(folder, cell);
            forgetOldPredictions(folder);
            queue.add(new RunQueue.Planned(folder, settings.model(), settings.data(), training(cell, selected)));
        }
        Map<Cell, TrainingSummary> summaries = new LinkedHashMap<>();
        queue.run(pause, progress, new RunQueue.Listener() {
            @Override
            public TrainingListener begins(RunQueue.Planned run) {
                return listener.begins(byFolder.get(run.out()), begun + 1, of);
            }

            @Override
            public void ended(RunQueue.Ended ended) {
                Cell cell = byFolder.get(ended.run().out());
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

    private Run run(Cell cell) {
        return Run.open(folder(cell));
    }

    private static void forgetOldPredictions(Path folder) {
        try {
            if (!Run.isRun(folder) || Run.open(folder).state() != RunState.FINISHED) {
                Files.deleteIfExists(folder.resolve(Predictions.FILE));
            }
        } catch (IOException e) {
            throw new UserException("Cannot write into %s: %s.".formatted(folder, WholeFiles.reason(e)), e);
        }
    }

    private TrainingSettings training(Cell cell, SortedSet<Integer> selected) {
        TrainingSettings training = settings.training();
        TrainingSettings ofCell = training.withSeed(cell.seed())
                .with(training.optimiser().withLearningRate(cell.rate()))
                .withLayers(cell.arm().layers(model.card().layers(), selected, cell.seed()));
        // the test rows are none of the sweep's business
        return cell.sweep() ? ofCell.withHeldOut(training.validation(), null) : ofCell;
    }

    private Map<Arm, Double> chosen(
            Map<Cell, TrainingSummary> tried, Map<Arm, List<Sweep.Tried>> byArm, ExperimentListener listener) {
        Map<Arm, Double> chosen = new EnumMap<>(Arm.class);
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
            Sweep.Tried best = Sweep.best(byArm.getOrDefault(arm, List.of()), metric(tried))
                    .orElseThrow(() -> noRun(arm));
            chosen.put(arm, best.rate());
            listener.noted("%s: learning rate %s of %s."
                    .formatted(
                            capital(arm.words()),
                            Decimals.shortest(best.rate()),
                            String.join(
                                    ", ",
                                    settings.rates().stream()
                                            .map(Decimals::shortest)
                                            .toList())));
        }
        return chosen;
    }

    static String capital(String words) {
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    private UserException noRun(Arm arm) {
        String reason = broken.entrySet().stream()
                .filter(entry -> entry.getKey().arm() == arm)
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("no reason is known");
        return new UserException("No run on %s came to its end: %s".formatted(arm.words(), reason));
    }

    private BestMetric metric(Map<Cell, TrainingSummary> of) {
        return metric(of.keySet().iterator().next());
    }

    private BestMetric metric(Cell cell) {
        String task = run(cell).task();
        TaskKind kind = List.of(TaskKind.values()).stream()
                .filter(one -> one.id().equals(task))
                .findFirst()
                .orElseThrow();
        return BestMetric.of(
                settings.training().run().bestMetric(), settings.data().preset(), kind);
    }

    // what came of them

    /** The file whose rows the arms are measured by. */
    private String measuredRows() {
        TrainingSettings training = settings.training();
        if (training.test() != null) {
            return training.test();
        }
        String validation = training.validation();
        if (validation == null) {
            return settings.data().data();
        }
        return Files.exists(Path.of(validation)) ? validation : validation.split(",")[0].strip();
    }

    private Map<Arm, List<FinalRun>> measured(Map<Cell, TrainingSummary> ended, Progress progress) {
        Map<Arm, List<FinalRun>> runs = new EnumMap<>(Arm.class);
        int done = 0;
        for (Map.Entry<Cell, TrainingSummary> run : ended.entrySet()) {
            Progress part = progress.part((double) done / ended.size(), (double) ++done / ended.size());
            TrainingSummary summary = run.getValue();
            Evaluation evaluation = settings.training().test() == null ? summary.after() : summary.test();
            if (evaluation == null) {
                broken.put(run.getKey(), "It was not measured.");
                continue;
            }
            metric(run.getKey()).requireIn(evaluation);
            runs.computeIfAbsent(run.getKey().arm(), arm -> new ArrayList<>())
                    .add(new FinalRun(run.getKey(), summary, evaluation, predictions(run.getKey(), part)));
        }
        for (Arm arm : settings.arms()) {
            if (!runs.containsKey(arm)) {
                throw noRun(arm);
            }
        }
        runs.values()
                .forEach(list ->
                        list.sort(Comparator.comparingLong(run -> run.cell().seed())));
        return runs;
    }

    /** Null for a language model, which has no prediction a row. */
    private @Nullable Predictions predictions(Cell cell, Progress progress) {
        Run run = run(cell);
        if (run.task().equals(TaskKind.CAUSAL_LM.id())) {
            return null;
        }
        Path file = run.folder().resolve(Predictions.FILE);
        if (!Files.isRegularFile(file)) {
            DataSettings rows = settings.data().with(measuredRows()).withBatch(null);
            new EvaluationJob(
                            workbench,
                            model,
                            run.adapter(),
                            DataSettings.isSample(rows.data()) ? rows : rows.withSamples(DataSettings.ALL),
                            settings.training().task(),
                            file,
                            null)
                    .run(progress);
        }
        return Predictions.read(file);
    }

    /** @throws UserException if runs of the folder were made from different data or models */
    private void requireOneOrigin(Map<Cell, TrainingSummary> tried, Map<Cell, TrainingSummary> ended) {
        List<Cell> cells = new ArrayList<>(tried.keySet());
        cells.addAll(ended.keySet());
        if (ended.isEmpty()) {
            throw noRun(settings.arms().get(0));
        }
        JsonNode first = identity(cells.get(0));
        for (Cell cell : cells) {
            if (!identity(cell).equals(first)) {
                throw new UserException(
                        "The runs %s and %s were made from different data or another model; delete one of them, or choose another folder with --out."
                                .formatted(folder(cells.get(0)), folder(cell)));
            }
        }
    }

    private JsonNode identity(Cell cell) {
        return Json.read(folder(cell).resolve("run.json")).path("identity");
    }

    private Map<String, String> origin(Cell cell) {
        Map<String, String> origin = new LinkedHashMap<>(run(cell).environment());
        JsonNode identity = identity(cell);
        for (String key : List.of("model_revision", "model_sha256", "data_sha256", "validation_sha256")) {
            if (identity.hasNonNull(key)) {
                origin.put(key.replace('_', ' '), identity.path(key).asText());
            }
        }
        return origin;
    }
}
