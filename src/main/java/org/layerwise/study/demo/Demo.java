package org.layerwise.study.demo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.analysis.uncertainty.McNemar;
import org.layerwise.base.CancelledException;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.install.AppFolders;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.run.TrainingSummary;
import org.layerwise.run.uncertainty.MetricIntervals;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.SelectionFile;
import org.layerwise.selection.export.ExportFormat;
import org.layerwise.selection.export.ExportedAdapter;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.StartMode;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.Workbench;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.AnalysisFolder;
import org.layerwise.study.analysis.AnalysisJob;
import org.layerwise.study.evaluation.EvaluationJob;
import org.layerwise.study.model.ModelLocator;
import org.layerwise.study.model.OpenModel;
import org.layerwise.study.training.TrainingJob;
import org.layerwise.training.Evaluation;
import org.layerwise.training.TaskKind;
import org.layerwise.training.TrainingListener;

/**
 * Complete workflow on the sample model and the sample task "definitions": analyses the layers, selects half of them,
 * trains LoRA on all layers and on the selected layers, and compares the results.
 *
 * @param out folder for all files of the demo
 */
public record Demo(Workbench workbench, Path out, String device) {

    static final String DATA = DataSettings.DEFINITIONS;
    private static final int TRAINING_ROWS = 1024;

    /** Returns the default folder of the demo. */
    public static Path usualFolder(AppFolders folders) {
        return folders.data().resolve("demo");
    }

    /**
     * Runs the demo.
     *
     * @param remarks receives a line after each part
     * @return lines that compare the two trainings and name the files
     * @throws org.layerwise.base.UserException if the demo would replace files in the folder that do not belong to a
     *     demo
     * @throws CancelledException if the progress is cancelled; finished parts are kept
     */
    public List<String> run(Progress progress, Consumer<String> remarks) {
        new DemoFolder(out).begin(out.equals(usualFolder(workbench.folders())));
        try (OpenModel model = workbench.openModel(ModelLocator.SAMPLE, device, progress.part(0, 0.03))) {
            remarks.accept(String.format(
                    Locale.ROOT,
                    "Model: %s, %d layers, %,d parameters, on %s",
                    model.card().name(),
                    model.card().layers(),
                    model.card().parameters(),
                    model.card().device()));
            Analysis analysis = analyze(model, progress.part(0.03, 0.15));
            remarks.accept(String.format(
                    Locale.ROOT,
                    "Analysis: linear CKA of %d hidden states on %d rows in %.1f s",
                    analysis.layers() + 1,
                    analysis.samples(),
                    analysis.seconds()));
            LayerSelection selection = analysis.proposed();
            Path selectionFile = save(analysis, selection, model);
            remarks.accept("Selection: " + selection.summary());
            TrainingSettings settings = TrainingSettings.defaults();
            TrainingSummary full = train(model, settings, DemoFolder.FULL, progress.part(0.15, 0.6));
            remarks.accept("Trained all %s layers".formatted(full.layers().size()));
            TrainingSummary selected = train(
                    model,
                    settings.withLayers(
                            selection.layers(), analysis.saved(selection).words()),
                    DemoFolder.SELECTED,
                    progress.part(0.6, 0.9));
            remarks.accept(
                    "Trained the selected %s layers".formatted(selected.layers().size()));
            McNemar test = McNemar.of(
                    right(model, full, progress.part(0.9, 0.95)), right(model, selected, progress.part(0.95, 1)));
            return report(analysis, full, selected, test, selectionFile);
        }
    }

    private Analysis analyze(OpenModel model, Progress progress) {
        Analysis analysis = new AnalysisJob(workbench, model, DataSettings.of(DATA), AnalysisSettings.defaults())
                .run(progress, partial -> {});
        AnalysisFolder.write(analysis, analysisFolder());
        return analysis;
    }

    private Path analysisFolder() {
        return out.resolve(DemoFolder.ANALYSIS);
    }

    private Path save(Analysis analysis, LayerSelection selection, OpenModel model) {
        Path file = out.resolve(DemoFolder.SELECTION);
        SelectionFile.write(file, analysis.saved(selection));
        AtomicFiles.writeString(
                out.resolve(PeftAdapter.CONFIG),
                ExportFormat.PEFT_CONFIG.text(
                        ExportedAdapter.of(model.exported(), selection, SettingValues.none(), null)));
        return file;
    }

    private TrainingSummary train(OpenModel model, TrainingSettings settings, String name, Progress progress) {
        DataSettings rows = new DataSettings(
                DATA, null, null, null, TRAINING_ROWS, DataSettings.DEFAULT_MAX_LENGTH, DataSettings.DEFAULT_BATCH);
        Progress named = new Progress() {
            @Override
            public void report(double fraction, String message) {
                progress.report(fraction, "Training, " + name + ": " + message);
            }

            @Override
            public boolean cancelled() {
                return progress.cancelled();
            }
        };
        TrainingSummary summary = new TrainingJob(
                        workbench, model, rows, settings, out.resolve(name), StartMode.OVERWRITE, new PauseSwitch())
                .run(named, TrainingListener.none());
        if (summary.cancelled()) {
            throw new CancelledException();
        }
        return summary;
    }

    /**
     * Predicts the validation rows; returns true for each correct row.
     *
     * @throws IllegalStateException if the number of rows differs from that of the training's own accuracy
     */
    private boolean[] right(OpenModel model, TrainingSummary trained, Progress progress) {
        Evaluation after = Objects.requireNonNull(trained.after(), "the demo evaluates");
        boolean[] right = new EvaluationJob(
                        workbench,
                        model,
                        trained.folder().resolve("adapter"),
                        DataSettings.of(DATA).withSamples(after.samples()),
                        TaskKind.CLASSIFICATION,
                        null,
                        null)
                .run(progress)
                .measured()
                .rows()
                .right();
        if (right.length != after.samples()) {
            throw new IllegalStateException(
                    "the accuracies are of %s rows, the test of %s".formatted(after.samples(), right.length));
        }
        return right;
    }

    private List<String> report(
            Analysis analysis, TrainingSummary full, TrainingSummary selected, McNemar test, Path selectionFile) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("%-32s %14s %14s"
                .formatted(
                        "",
                        "all " + full.layers().size(),
                        "selected " + selected.layers().size()));
        BiConsumer<String, Function<TrainingSummary, String>> row =
                (name, value) -> lines.add("%-32s %14s %14s".formatted(name, value.apply(full), value.apply(selected)));
        row.accept("LoRA parameters", s -> String.format(Locale.ROOT, "%,d", s.adapterParameters()));
        row.accept("trainable with the head", s -> String.format(Locale.ROOT, "%,d", s.trainableParameters()));
        row.accept("time a step (median)", s -> String.format(Locale.ROOT, "%.0f ms", s.secondsPerStep() * 1000));
        row.accept("steps", s -> String.valueOf(s.steps()));
        row.accept("validation accuracy before", s -> percent(s.before()));
        row.accept("validation accuracy after", s -> percent(s.after()));
        row.accept("  95 % interval (Wilson)", s -> interval(s.after()));
        row.accept(
                "validation loss after",
                s -> s.after() == null
                        ? "none"
                        : String.format(Locale.ROOT, "%.3f", s.after().loss()));
        lines.add("");
        lines.addAll(comparison(test));
        lines.add("");
        lines.add("heatmap     " + analysisFolder().resolve("heatmap.png"));
        lines.add("ranking     " + analysisFolder().resolve("ranking.png"));
        lines.add("analysis    " + analysisFolder().resolve(AnalysisFolder.FILE));
        lines.add("selection   " + selectionFile);
        lines.add("for PEFT    " + out.resolve(PeftAdapter.CONFIG));
        lines.add("one-hot     "
                + analysisFolder().resolve(analysis.referenceName().oneHot()));
        lines.add("adapter     " + selected.folder().resolve("adapter") + " (selected layers)");
        lines.add("adapter     " + full.folder().resolve("adapter") + " (all layers)");
        return lines;
    }

    /** Returns sentences about the paired comparison of the two accuracies. */
    static List<String> comparison(McNemar test) {
        return List.of(
                "Of the validation rows, %s are right only with all layers and %s only with the selected ones."
                        .formatted(test.onlyFirst(), test.onlySecond()),
                String.format(
                        Locale.ROOT,
                        "McNemar's exact test of the two accuracies: p = %.2g. %s",
                        test.p(),
                        test.p() < 1 - MetricIntervals.LEVEL
                                ? "They differ by more than the choice of these rows explains."
                                : "The choice of these rows alone may explain the difference."),
                "Interval and test cover the choice of the rows, not another seed: a repeated training differs, too.");
    }

    private static String interval(@Nullable Evaluation evaluation) {
        if (evaluation == null) {
            return "none";
        }
        Interval interval =
                MetricIntervals.ofAccuracy(evaluation.metrics().getOrDefault("accuracy", 0.0), evaluation.samples());
        return String.format(Locale.ROOT, "%.1f-%.1f %%", 100 * interval.low(), 100 * interval.high());
    }

    private static String percent(@Nullable Evaluation evaluation) {
        return evaluation == null
                ? "none"
                : String.format(
                        Locale.ROOT, "%.1f %%", 100 * evaluation.metrics().getOrDefault("accuracy", 0.0));
    }
}
