package org.layerwise.gui.session;

import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;
import org.layerwise.gui.engine.DataPreview;
import org.layerwise.gui.engine.LoadedModel;
import org.layerwise.study.DataSettings;

/** What the window holds open. The panes share it; its properties change on the FX thread only. */
public final class StudySession {

    private final ObjectProperty<@Nullable LoadedModel> model = new SimpleObjectProperty<>();
    private final ObjectProperty<@Nullable OpenData> data = new SimpleObjectProperty<>();
    private final ObjectProperty<@Nullable AnalysisEntry> analysis = new SimpleObjectProperty<>();
    private final ObservableList<AnalysisEntry> analyses = FXCollections.observableArrayList();
    private final ObjectProperty<@Nullable RunEntry> run = new SimpleObjectProperty<>();
    private final ObservableList<RunEntry> runs = FXCollections.observableArrayList();

    /**
     * Data and the settings it was read with.
     *
     * @param settings what jobs are given, so that they use the rows that were looked at
     */
    public record OpenData(DataSettings settings, DataPreview preview) {}

    /** The model in memory, null before one is opened. */
    public ObjectProperty<@Nullable LoadedModel> modelProperty() {
        return model;
    }

    /** The open data, null before some is opened. */
    public ObjectProperty<@Nullable OpenData> dataProperty() {
        return data;
    }

    /** The analysis that is looked at, null before there is one for the open model. */
    public ObjectProperty<@Nullable AnalysisEntry> analysisProperty() {
        return analysis;
    }

    /** Finished analyses of this model, oldest first. */
    public ObservableList<AnalysisEntry> analyses() {
        return analyses;
    }

    /** The training that is looked at, null before there is one. */
    public ObjectProperty<@Nullable RunEntry> runProperty() {
        return run;
    }

    /** Trainings started in this window, oldest first. */
    public ObservableList<RunEntry> runs() {
        return runs;
    }
}
