package org.layerwise.gui.session;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import javafx.beans.Observable;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;
import org.layerwise.run.RunRecord;
import org.layerwise.selection.LayerKinds;
import org.layerwise.settings.DataSettings;
import org.layerwise.study.DataPreview;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.MeasureResult;
import org.layerwise.study.document.NamedSelection;
import org.layerwise.study.model.OpenModel;

/**
 * State of the open study: model, data, analyses, selections and runs. All panes share it. Its properties change on the
 * FX thread only.
 */
public final class StudySession {

    private final ObjectProperty<@Nullable OpenModel> model = new SimpleObjectProperty<>();
    private final ObjectProperty<@Nullable OpenData> data = new SimpleObjectProperty<>();
    private final BooleanProperty dataChanged = new SimpleBooleanProperty();
    private final ObjectProperty<@Nullable AnalysisEntry> analysis = new SimpleObjectProperty<>();
    private final ObjectProperty<@Nullable MeasureResult> result = new SimpleObjectProperty<>();
    private final ObservableList<AnalysisEntry> analyses = FXCollections.observableArrayList();
    private final ObjectProperty<@Nullable RunEntry> run = new SimpleObjectProperty<>();
    private final ObservableList<RunEntry> runs =
            FXCollections.observableArrayList(run -> new Observable[] {run.visitingProperty()});
    private final ObservableList<NamedSelection> kept = FXCollections.observableArrayList();
    private final ObservableList<ExperimentEntry> experiments = FXCollections.observableArrayList();
    private final ObjectProperty<@Nullable ExperimentEntry> experiment = new SimpleObjectProperty<>();
    private final UndoHistory history = new UndoHistory();
    private int analysed;

    /**
     * Open data and the settings with which the data was read.
     *
     * @param settings settings that jobs receive, so that they use the rows of the preview
     */
    public record OpenData(DataSettings settings, DataPreview preview) {}

    public StudySession() {
        analysis.addListener((observable, was, is) -> {
            MeasureResult seen = result.get();
            if (is == null) {
                result.set(null);
                // an equal result of an earlier analysis is not one of this analysis
            } else if (is.analysis().results().stream().noneMatch(one -> one == seen)) {
                result.set(is.analysis().primary());
            }
        });
    }

    /** Returns the undo history. */
    public UndoHistory history() {
        return history;
    }

    /** Returns the selections that the user saved under a name, in the order of saving. */
    public ObservableList<NamedSelection> kept() {
        return kept;
    }

    /** Model in memory; null before a model is opened. */
    public ObjectProperty<@Nullable OpenModel> modelProperty() {
        return model;
    }

    /** Open data; null before data is opened. */
    public ObjectProperty<@Nullable OpenData> dataProperty() {
        return data;
    }

    /**
     * Property that is true if the fields of the data pane differ from the settings with which the open data was read.
     * Such changes have no effect yet.
     */
    public BooleanProperty dataChangedProperty() {
        return dataChanged;
    }

    /** Analysis on display, of the open model or another one; null before there is an analysis of the open model. */
    public ObjectProperty<@Nullable AnalysisEntry> analysisProperty() {
        return analysis;
    }

    /**
     * Measure of the displayed analysis that is shown and that selects layers: the first measure until the user chooses
     * another one; null without an analysis.
     */
    public ObjectProperty<@Nullable MeasureResult> resultProperty() {
        return result;
    }

    /** Returns the results of the displayed analysis that pass a test; none without an analysis. */
    public List<MeasureResult> results(Predicate<MeasureResult> test) {
        AnalysisEntry seen = analysisProperty().get();
        return seen == null
                ? List.of()
                : seen.analysis().results().stream().filter(test).toList();
    }

    /** Returns the finished analyses of all models, oldest first. */
    public ObservableList<AnalysisEntry> analyses() {
        return analyses;
    }

    /**
     * Adds a finished analysis without displaying it.
     *
     * @param folder folder from which the analysis was read; null if the analysis was computed in this window
     */
    public AnalysisEntry add(Analysis analysis, @Nullable Path folder) {
        AnalysisEntry entry = new AnalysisEntry(++analysed, analysis, folder);
        analyses.add(entry);
        return entry;
    }

    /**
     * Reserves a number, so that no new analysis receives it: the number of an analysis in a saved study, loaded or
     * not.
     */
    public void reserve(int number) {
        analysed = Math.max(analysed, number);
    }

    /** Adds an analysis under the number that it has in a saved study. */
    public AnalysisEntry add(int number, Analysis analysis, @Nullable Path folder) {
        reserve(number);
        AnalysisEntry entry = new AnalysisEntry(number, analysis, folder);
        analyses.add(entry);
        return entry;
    }

    /** Replaces the entry of an analysis, for example after the analysis was saved. */
    public void replace(AnalysisEntry was, AnalysisEntry is) {
        int at = analyses.indexOf(was);
        if (at < 0) {
            return; // closed meanwhile
        }
        boolean shown = was.equals(analysis.get());
        analyses.set(at, is);
        if (shown) {
            analysis.set(is);
        }
    }

    /** Removes an analysis. If it was displayed, the previous analysis is displayed instead. */
    public void close(AnalysisEntry entry) {
        int at = analyses.indexOf(entry);
        if (at < 0) {
            return;
        }
        analyses.remove(at);
        if (entry.equals(analysis.get())) {
            analysis.set(analyses.isEmpty() ? null : analyses.get(Math.max(0, at - 1)));
        }
    }

    /**
     * Returns the kinds of the layers on display, as far as they differ: those of the analysis, or of the open model
     * without one. An analysis that does not know them may be of another model.
     *
     * @param layers number of layers on display
     */
    public LayerKinds kinds(int layers) {
        AnalysisEntry seen = analysis.get();
        OpenModel open = model.get();
        LayerKinds ofModel = open == null ? LayerKinds.NONE : open.card().kinds();
        LayerKinds known = seen == null ? ofModel : seen.analysis().kinds();
        return known.layers().size() == layers ? known : LayerKinds.NONE;
    }

    /** Returns true if an analysis belongs to a model, judged by the name and the number of layers. */
    public static boolean of(OpenModel model, Analysis finished) {
        return model.card().name().equals(finished.model()) && model.card().layers() == finished.layers();
    }

    /** Training run on display; null before there is one. */
    public ObjectProperty<@Nullable RunEntry> runProperty() {
        return run;
    }

    /** Returns the number of the next run. */
    public int nextRun() {
        return runs.size() + 1;
    }

    /** Adds a run that was read from its folder, unless the study already contains it. */
    public RunEntry add(RunRecord read) {
        RunEntry entry = taken(read, false);
        entry.stopWaiting();
        return entry;
    }

    /** Shows an interrupted run, so that it can be resumed. The run is not part of the study until it is resumed. */
    public RunEntry offer(RunRecord read) {
        return taken(read, true);
    }

    private RunEntry taken(RunRecord read, boolean visits) {
        Path folder = read.run().folder().toAbsolutePath().normalize();
        for (RunEntry known : runs) {
            if (known.folder().toAbsolutePath().normalize().equals(folder)) {
                return known;
            }
        }
        RunEntry entry = RunEntry.of(nextRun(), read);
        entry.setVisiting(visits);
        runs.add(entry);
        return entry;
    }

    /** Returns the runs that are part of the study. */
    public List<RunEntry> ownRuns() {
        return runs.stream().filter(run -> !run.visitingProperty().get()).toList();
    }

    /** Returns the runs that were started in this window or opened from their folders, in that order. */
    public ObservableList<RunEntry> runs() {
        return runs;
    }

    /** Returns the experiments that were started in this window or opened from their folders, in that order. */
    public ObservableList<ExperimentEntry> experiments() {
        return experiments;
    }

    /** Returns the experiment in a folder, which is added if the study does not have it yet. */
    public ExperimentEntry experiment(Path folder) {
        return experiments.stream()
                .filter(entry -> entry.folder().equals(folder))
                .findFirst()
                .orElseGet(() -> {
                    ExperimentEntry entry = new ExperimentEntry(folder);
                    experiments.add(entry);
                    return entry;
                });
    }

    /** Removes an experiment from the study. Its folder is kept. */
    public void remove(ExperimentEntry entry) {
        experiments.remove(entry);
        if (experiment.get() == entry) {
            experiment.set(null);
        }
    }

    /** Experiment on display; null before there is one. */
    public ObjectProperty<@Nullable ExperimentEntry> experimentProperty() {
        return experiment;
    }
}
