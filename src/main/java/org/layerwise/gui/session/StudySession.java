package org.layerwise.gui.session;

import java.nio.file.Path;
import java.util.List;
import javafx.beans.Observable;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;
import org.layerwise.gui.engine.DataPreview;
import org.layerwise.gui.engine.LoadedModel;
import org.layerwise.gui.engine.RunRecord;
import org.layerwise.study.Analysis;
import org.layerwise.study.DataSettings;
import org.layerwise.study.MeasureResult;
import org.layerwise.study.document.KeptSelection;

/** What the window holds open. The panes share it; its properties change on the FX thread only. */
public final class StudySession {

    private final ObjectProperty<@Nullable LoadedModel> model = new SimpleObjectProperty<>();
    private final ObjectProperty<@Nullable OpenData> data = new SimpleObjectProperty<>();
    private final BooleanProperty dataChanged = new SimpleBooleanProperty();
    private final ObjectProperty<@Nullable AnalysisEntry> analysis = new SimpleObjectProperty<>();
    private final ObjectProperty<@Nullable MeasureResult> result = new SimpleObjectProperty<>();
    private final ObservableList<AnalysisEntry> analyses = FXCollections.observableArrayList();
    private final ObjectProperty<@Nullable RunEntry> run = new SimpleObjectProperty<>();
    private final ObservableList<RunEntry> runs =
            FXCollections.observableArrayList(run -> new Observable[] {run.visitingProperty()});
    private final ObservableList<KeptSelection> kept = FXCollections.observableArrayList();
    private final History history = new History();
    private int analysed;

    /**
     * Data and the settings it was read with.
     *
     * @param settings what jobs are given, so that they use the rows that were looked at
     */
    public record OpenData(DataSettings settings, DataPreview preview) {}

    public StudySession() {
        analysis.addListener((observable, was, is) -> {
            MeasureResult seen = result.get();
            if (is == null) {
                result.set(null);
            } else if (seen == null || !is.analysis().results().contains(seen)) {
                result.set(is.analysis().primary());
            }
        });
    }

    /** What people changed, to take it back. */
    public History history() {
        return history;
    }

    /** Selections that people put aside under a name, in the order in which they did. */
    public ObservableList<KeptSelection> kept() {
        return kept;
    }

    /** The model in memory, null before one is opened. */
    public ObjectProperty<@Nullable LoadedModel> modelProperty() {
        return model;
    }

    /** The open data, null before some is opened. */
    public ObjectProperty<@Nullable OpenData> dataProperty() {
        return data;
    }

    /** Returns true if the fields of the open data show other settings than those it was read with, which nothing works with yet. */
    public BooleanProperty dataChangedProperty() {
        return dataChanged;
    }

    /** The analysis that is looked at, of the open model or another; null before there is one for the open model. */
    public ObjectProperty<@Nullable AnalysisEntry> analysisProperty() {
        return analysis;
    }

    /**
     * The measure of that analysis that is looked at and that layers are selected by: its first until another one is chosen;
     * null without an analysis.
     */
    public ObjectProperty<@Nullable MeasureResult> resultProperty() {
        return result;
    }

    /** Finished analyses, of whatever model, oldest first. */
    public ObservableList<AnalysisEntry> analyses() {
        return analyses;
    }

    /**
     * Takes up a finished analysis, without looking at it.
     *
     * @param folder where it was read from; null if it was computed here
     */
    public AnalysisEntry add(Analysis analysis, @Nullable Path folder) {
        AnalysisEntry entry = new AnalysisEntry(++analysed, analysis, folder);
        analyses.add(entry);
        return entry;
    }

    /** Keeps a number from new analyses: the one of an analysis in a saved study, be it here or not. */
    public void reserve(int number) {
        analysed = Math.max(analysed, number);
    }

    /** Takes up an analysis under the number that it has in a saved study. */
    public AnalysisEntry add(int number, Analysis analysis, @Nullable Path folder) {
        reserve(number);
        AnalysisEntry entry = new AnalysisEntry(number, analysis, folder);
        analyses.add(entry);
        return entry;
    }

    /** Puts what became of an analysis in its place, such as that it is saved now. */
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

    /** Lets go of an analysis; if it was looked at, the one before it is looked at now. */
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

    /** Whether an analysis is of a model, as far as name and number of layers say. */
    public static boolean of(LoadedModel model, Analysis finished) {
        return model.card().name().equals(finished.model()) && model.card().layers() == finished.layers();
    }

    /** The training that is looked at, null before there is one. */
    public ObjectProperty<@Nullable RunEntry> runProperty() {
        return run;
    }

    /** The number of the next run. */
    public int nextRun() {
        return runs.size() + 1;
    }

    /** Takes up a run that was read from its folder, unless it is there already. */
    public RunEntry add(RunRecord read) {
        RunEntry entry = taken(read, false);
        entry.stay();
        return entry;
    }

    /** Shows a run that was cut off, so that it can go on; it is no part of the study before it does. */
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

    /** Those of the runs that are part of the study. */
    public List<RunEntry> ownRuns() {
        return runs.stream().filter(run -> !run.visitingProperty().get()).toList();
    }

    /** Trainings started in this window or opened from their folders, in that order. */
    public ObservableList<RunEntry> runs() {
        return runs;
    }
}
