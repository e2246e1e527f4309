package org.layerwise.gui.prediction;

import static org.layerwise.gui.common.Messages.text;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import javafx.beans.InvalidationListener;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.StringBinding;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.file.FileNames;
import org.layerwise.chart.heatmap.ConfusionChart;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.gui.chart.Figure;
import org.layerwise.gui.chart.FigureExporter;
import org.layerwise.gui.common.FileDialogs;
import org.layerwise.gui.common.ReportedError;
import org.layerwise.gui.session.RunEntry;
import org.layerwise.gui.session.StudySession;
import org.layerwise.gui.session.StudySession.OpenData;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.run.RunFileNames;
import org.layerwise.settings.DataSettings;
import org.layerwise.study.Workbench;
import org.layerwise.study.evaluation.PredictedRows;
import org.layerwise.study.evaluation.PredictionsJob;
import org.layerwise.study.evaluation.PredictionsJob.Side;
import org.layerwise.study.model.OpenModel;
import org.layerwise.training.ConfusionMatrix;

/** Predicts rows with the open model or an adapter, and compares two of them. */
public final class PredictionsViewModel {

    /**
     * Predictions on display.
     *
     * @param other model or adapter that is compared with; null for none
     * @param data settings of the rows
     */
    record Shown(Side of, @Nullable Side other, DataSettings data, PredictionsJob.Result result) {

        /** Returns a sentence on the number of rows and their data. */
        String rows() {
            int size = result.rows().rows().size();
            String rows = text(
                    DataSettings.isSample(data.data()) ? "prediction.rows.validation" : "prediction.rows",
                    size,
                    result.measured().data());
            return Objects.equals(data.samples(), size) ? text("prediction.rows.limit", rows) : rows;
        }

        /** Returns the confusion matrix of the model; empty for tasks other than classification. */
        Optional<ConfusionMatrix> confusion() {
            return Optional.ofNullable(result.measured().details().confusion());
        }

        /** Returns a new confusion chart; empty for tasks other than classification. */
        Optional<ConfusionChart> chart(ChartStyle style) {
            return confusion().map(matrix -> new ConfusionChart(names(), matrix.counts(), style));
        }

        private List<String> names() {
            return result.measured().details().classNames();
        }

        /** Returns the confusion chart as a figure; empty for tasks other than classification. */
        Optional<Figure> figure() {
            return confusion().map(matrix -> {
                long[][] counts = matrix.counts();
                return new Figure(
                        "confusion",
                        text("prediction.figure", of.name(), result.measured().data()),
                        "confusion-" + of.name() + "-" + result.measured().data(),
                        new ConfusionChart(names(), counts, ChartStyle.light()).exportSize(),
                        style -> new ConfusionChart(names(), counts, style).chart(),
                        () -> ConfusionChart.csv(names(), counts));
            });
        }
    }

    private final StudySession session;
    private final Workbench workbench;
    private final WorkQueue queue;
    private final FileDialogs files;
    private final FigureExporter exports;
    private final Side alone = new Side(text("prediction.alone"), null);
    private final List<Side> chosen = new ArrayList<>();
    private final ObservableList<Side> sides = FXCollections.observableArrayList(alone);
    private final ObjectProperty<Side> of = new SimpleObjectProperty<>(alone);
    private final ObjectProperty<@Nullable Side> other = new SimpleObjectProperty<>();
    private final ObservableList<String> locations = FXCollections.observableArrayList("");
    private final StringProperty location = new SimpleStringProperty("");
    private final IntegerProperty samples = new SimpleIntegerProperty(DataSettings.DEFAULT_SAMPLES);
    private final ReadOnlyObjectWrapper<@Nullable Shown> shown = new ReadOnlyObjectWrapper<>();
    private final ShownRows rows = new ShownRows();
    private final ObjectProperty<@Nullable ReportedError> problem = new SimpleObjectProperty<>();
    private final StringBinding missing;

    public PredictionsViewModel(
            StudySession session, Workbench workbench, WorkQueue queue, FileDialogs files, FigureExporter exports) {
        this.session = session;
        this.workbench = workbench;
        this.queue = queue;
        this.files = files;
        this.exports = exports;
        missing = Bindings.createStringBinding(
                this::whatIsMissing, session.modelProperty(), session.dataProperty(), location);
        InvalidationListener changed = observable -> offer();
        session.runs().forEach(run -> run.stateProperty().addListener(changed));
        session.runs().addListener((ListChangeListener<RunEntry>) change -> {
            while (change.next()) {
                change.getAddedSubList().forEach(run -> run.stateProperty().addListener(changed));
                change.getRemoved().forEach(run -> run.stateProperty().removeListener(changed));
            }
            offer();
        });
        session.modelProperty().addListener((model, was, is) -> show(null));
        offer();
    }

    private String whatIsMissing() {
        if (session.modelProperty().get() == null) {
            return text("prediction.needs.model");
        }
        return data() == null ? text("prediction.needs.data") : "";
    }

    /** Offers the open model, the runs that have ended with an adapter, and the adapters that were chosen. */
    private void offer() {
        List<Side> now = Stream.of(Stream.of(alone), session.runs().stream().flatMap(this::side), chosen.stream())
                .flatMap(part -> part)
                .toList();
        if (!now.equals(sides)) {
            Side before = of.get();
            Side beforeOther = other.get();
            sides.setAll(now);
            of.set(now.contains(before) ? before : alone);
            other.set(beforeOther != null && now.contains(beforeOther) ? beforeOther : null);
        }
    }

    private Stream<Side> side(RunEntry run) {
        return run.summaryProperty().get() == null || run.active()
                ? Stream.empty()
                : Stream.of(new Side(
                        text("prediction.run", run.number(), run.shortName()),
                        run.folder().resolve(RunFileNames.ADAPTER)));
    }

    private void show(@Nullable Shown now) {
        rows.show(now);
        shown.set(now);
    }

    /** Returns what can predict. The first is the open model alone. */
    ObservableList<Side> sides() {
        return sides;
    }

    /** Model or adapter that predicts. */
    ObjectProperty<Side> ofProperty() {
        return of;
    }

    /** Sets what predicts; null is ignored. */
    void setOf(@Nullable Side side) {
        if (side != null) {
            of.set(side);
        }
    }

    /** Model or adapter to compare with; null for none. */
    ObjectProperty<@Nullable Side> otherProperty() {
        return other;
    }

    /** Returns the data to choose from: files and sample tasks. The empty location stands for the open data. */
    ObservableList<String> locations() {
        return locations;
    }

    /** Data to predict; empty for the open data. */
    StringProperty locationProperty() {
        return location;
    }

    /** Maximum number of rows. */
    IntegerProperty samplesProperty() {
        return samples;
    }

    /** Sentence on what is missing; empty if the prediction can begin. */
    StringBinding missing() {
        return missing;
    }

    /** Predictions on display; null before there are any. */
    ReadOnlyObjectProperty<@Nullable Shown> shownProperty() {
        return shown.getReadOnlyProperty();
    }

    /** Last problem; null if there is none. */
    ObjectProperty<@Nullable ReportedError> problemProperty() {
        return problem;
    }

    /** Returns the rows of the predictions on display. */
    ShownRows rows() {
        return rows;
    }

    /** Returns the object that writes and copies the figures. */
    FigureExporter exports() {
        return exports;
    }

    /** Asks for the folder of an adapter, which then predicts. */
    void chooseAdapter() {
        files.openAdapterFolder().ifPresent(folder -> {
            Side side = new Side(String.valueOf(folder.getFileName()), folder);
            if (!chosen.contains(side)) {
                chosen.add(side);
            }
            offer();
            of.set(side);
        });
    }

    /** Asks for a table with labels to predict. */
    void chooseData() {
        files.openDataFile().map(Path::toString).ifPresent(file -> {
            if (!locations.contains(file)) {
                locations.add(file);
            }
            location.set(file);
        });
    }

    /** Chooses the adapter of a run. */
    public void choose(RunEntry run) {
        side(run).filter(sides::contains).findFirst().ifPresent(side -> {
            of.set(side);
            if (side.equals(other.get())) {
                other.set(null);
            }
        });
    }

    private @Nullable DataSettings data() {
        OpenData open = session.dataProperty().get();
        DataSettings settings;
        if (location.get().isEmpty()) {
            if (open == null) {
                return null;
            }
            settings = open.settings();
        } else {
            settings = open == null
                    ? DataSettings.of(location.get())
                    : open.settings().with(location.get());
        }
        return settings.withSamples(samples.get());
    }

    /** Predicts the rows with the chosen models. */
    void predict() {
        OpenModel model = session.modelProperty().get();
        DataSettings rows = data();
        if (model == null || rows == null) {
            return; // the button is disabled
        }
        Side first = of.get();
        Side second = first.equals(other.get()) ? null : other.get();
        problem.set(null);
        PredictionsJob job = new PredictionsJob(workbench, model, first, second, rows);
        queue.submit(Work.heavy(text("prediction.running", first.name()), job::run)
                .whenDone(result -> {
                    if (model.equals(session.modelProperty().get())) {
                        show(new Shown(first, second, rows, result));
                    }
                })
                .whenFailed(thrown -> problem.set(ReportedError.of(text("prediction.failed"), thrown, this::predict))));
    }

    /** Asks for a file and writes the rows as a CSV table. */
    void exportCsv() {
        export(".csv", PredictedRows::writeCsv);
    }

    /** Asks for a file and writes the rows as lines of JSON. */
    void exportJsonLines() {
        export(".jsonl", PredictedRows::writeJsonLines);
    }

    private void export(String ending, BiConsumer<PredictedRows, Path> write) {
        Shown now = shown.get();
        if (now != null) {
            String name = "predictions-" + now.of().name() + "-"
                    + now.result().measured().data();
            exports.table(
                    FileNames.plain(name) + ending,
                    file -> write.accept(now.result().rows(), file));
        }
    }

    /** Returns the confusion matrix as a figure; null if there is none. */
    @Nullable
    Figure figure() {
        return Optional.ofNullable(shown.get()).flatMap(Shown::figure).orElse(null);
    }

    /** Returns the figures on display. */
    public List<Figure> figures() {
        return Optional.ofNullable(figure()).stream().toList();
    }
}
