package org.layerwise.gui.analysis;

import static org.layerwise.gui.common.Messages.text;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanBinding;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.analysis.similarity.LinearCka;
import org.layerwise.base.UserException;
import org.layerwise.gui.common.Dialogs;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.gui.common.ReportedError;
import org.layerwise.gui.session.AnalysisEntry;
import org.layerwise.gui.session.RunLocation;
import org.layerwise.gui.session.StudySession;
import org.layerwise.gui.session.StudySession.OpenData;
import org.layerwise.gui.tasks.FxExecutor;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.run.Provenance;
import org.layerwise.selection.LayerKinds;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.SelectionShares;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.RemoteDestination;
import org.layerwise.study.Workbench;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.AnalysisJob;
import org.layerwise.study.analysis.MeasureResult;
import org.layerwise.study.analysis.WeightsAnalysis;
import org.layerwise.study.cluster.ClusterAccess;
import org.layerwise.study.model.OpenModel;

/** Computes similarities and describes them in words. */
public final class AnalysisViewModel {

    /** A cell of the heatmap: the pair of representations i and j, where 0 is the output of the embedding. */
    public record Cell(int i, int j) {}

    private final StudySession session;
    private final Workbench workbench;
    private final WorkQueue queue;
    private final FxExecutor ui;
    private final Dialogs dialogs;
    private final RunLocation runOn;
    private final RemoteAnalyses there;
    private final AnalysisForm form = new AnalysisForm();
    private final HeatmapColours colours = new HeatmapColours();
    private final BooleanBinding withoutRows =
            Bindings.createBooleanBinding(form::needsNoData, form.measuresProperty());
    private final OverlayViewModel overlay;
    private final ObjectProperty<@Nullable Cell> hovered = new SimpleObjectProperty<>();
    private final ObjectProperty<@Nullable Cell> kept = new SimpleObjectProperty<>();
    private final ReadOnlyObjectWrapper<@Nullable SimilarityMatrix> partial = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable SimilarityMatrix> matrix = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<Measure> measure = new ReadOnlyObjectWrapper<>(LinearCka.MEASURE);
    private final ReadOnlyBooleanWrapper running = new ReadOnlyBooleanWrapper();
    private final BooleanBinding arriving;
    private final ObjectProperty<@Nullable ReportedError> problem = new SimpleObjectProperty<>();
    private Runnable stopping = () -> {};
    private @Nullable Shared shared;

    /** Shares that were computed last: a chart, the remark and the line of a pair show the same ones. */
    private record Shared(
            Analysis analysis, MeasureResult result, LayerSelection selection, @Nullable SelectionShares shares) {}

    /**
     * @param runOn chooses this computer or the cluster that computes the representations
     * @param leaving returns true while the window closes
     */
    public AnalysisViewModel(
            StudySession session,
            Workbench workbench,
            ClusterAccess clusters,
            WorkQueue queue,
            FxExecutor ui,
            Dialogs dialogs,
            RunLocation runOn,
            BooleanSupplier leaving) {
        this.runOn = runOn;
        this.session = session;
        this.workbench = workbench;
        this.queue = queue;
        this.ui = ui;
        this.dialogs = dialogs;
        there = new RemoteAnalyses(session, workbench, clusters, queue, dialogs, leaving);
        overlay = new OverlayViewModel(session);
        matrix.bind(Bindings.createObjectBinding(
                () -> {
                    MeasureResult seen = session.resultProperty().get();
                    return seen == null ? partial.get() : seen.similarity();
                },
                partial,
                session.resultProperty()));
        measure.bind(Bindings.createObjectBinding(
                () -> {
                    MeasureResult seen = session.resultProperty().get();
                    return seen == null ? form.measuresProperty().get().get(0) : seen.measure();
                },
                partial,
                session.resultProperty()));
        arriving = running.and(session.resultProperty().isNull());
        measure.addListener((observable, was, is) -> colours.fit(is.lower()));
        session.analysisProperty().addListener((observable, was, is) -> {
            if (!AnalysisEntry.same(was, is)) {
                kept.set(null);
            }
        });
    }

    /** Returns the settings of the next analysis. */
    public AnalysisForm form() {
        return form;
    }

    /** Returns the choice between this computer and a cluster for computing the representations. */
    RunLocation runOn() {
        return runOn;
    }

    /** Returns the colours of the heatmap. */
    public HeatmapColours colours() {
        return colours;
    }

    /** Returns the overlay of several measures or tasks. */
    OverlayViewModel overlay() {
        return overlay;
    }

    /** Measure of the heatmap: of the displayed result, or of the running or next analysis. */
    public ReadOnlyObjectProperty<Measure> measureProperty() {
        return measure.getReadOnlyProperty();
    }

    /** Result of the displayed analysis; null without an analysis. */
    public ObjectProperty<@Nullable MeasureResult> resultProperty() {
        return session.resultProperty();
    }

    /** Cell that was clicked, whose values stay visible; null if there is none. */
    public ObjectProperty<@Nullable Cell> keptProperty() {
        return kept;
    }

    /** Cell under the pointer; null if there is none. */
    public ObjectProperty<@Nullable Cell> hoveredProperty() {
        return hovered;
    }

    /**
     * Matrix of the heatmap: of the displayed analysis; without one, the values that the running analysis has computed so far. An analysis on
     * display stays whole until the next one is finished.
     */
    public ReadOnlyObjectProperty<@Nullable SimilarityMatrix> matrixProperty() {
        return matrix.getReadOnlyProperty();
    }

    /** Binding that is true while the heatmap shows values of a running analysis. */
    BooleanBinding arriving() {
        return arriving;
    }

    /** Analysis on display. */
    public ObjectProperty<@Nullable AnalysisEntry> analysisProperty() {
        return session.analysisProperty();
    }

    /** Open model. */
    public ObjectProperty<@Nullable OpenModel> modelProperty() {
        return session.modelProperty();
    }

    /** Open data. */
    public ObjectProperty<@Nullable OpenData> dataProperty() {
        return session.dataProperty();
    }

    /** Property that is true while an analysis is queued or running. */
    public ReadOnlyBooleanProperty runningProperty() {
        return running.getReadOnlyProperty();
    }

    /** Binding that is true if everything that an analysis needs is available and no analysis is running. */
    public BooleanBinding ready() {
        return session.modelProperty()
                .isNotNull()
                .and(session.dataProperty().isNotNull().or(withoutRows))
                .and(runOn.mistakeProperty().isEmpty())
                .and(running.not());
    }

    /** Binding that is true if the chosen measures need no rows. */
    BooleanBinding withoutRows() {
        return withoutRows;
    }

    /** Last problem; null if there is none. */
    public ObjectProperty<@Nullable ReportedError> problemProperty() {
        return problem;
    }

    /** Analyzes the open model, on the open data unless no measure needs rows, and with the adapter of the form if there is one. */
    public void analyze() {
        OpenModel model = session.modelProperty().get();
        if (model == null || !ready().get()) {
            return;
        }
        OpenData data = withoutRows.get() ? null : session.dataProperty().get();
        if (data != null && session.dataChangedProperty().get()) {
            failed(new UserException(text("data.changed")));
            return;
        }
        RemoteDestination to = runOn.destination().orElse(null);
        Path adapter = form.adapterProperty().get();
        if (to != null && (data == null || adapter != null)) {
            failed(new UserException(text("analysis.only.here")));
            return;
        }
        AnalysisSettings settings = form.settings();
        running.set(true);
        problem.set(null);
        if (to != null && data != null) {
            stopping = there.begin(
                    model,
                    data,
                    settings,
                    to,
                    new RemoteAnalyses.Then(analysis -> done(model, analysis), this::failed, this::end))::stop;
            return;
        }
        stopping = queue.submit(here(model, data, settings, adapter)
                .whenDone(analysis -> done(model, analysis))
                .whenFailed(this::failed)
                .whenCancelled(this::end))::stop;
    }

    private Work<Analysis> here(
            OpenModel model, @Nullable OpenData data, AnalysisSettings settings, @Nullable Path adapter) {
        String of = model.card().name();
        String analyzed =
                adapter == null ? of : text("analysis.with.adapter", of, Provenance.adapterName(adapter.toString()));
        if (data == null) {
            return Work.heavy(
                    text("analysis.title.weights", analyzed),
                    progress -> new WeightsAnalysis(workbench, model, settings, adapter).run(progress));
        }
        AtomicReference<@Nullable SimilarityMatrix> latest = new AtomicReference<>();
        Runnable show = ui.coalesced(() -> {
            if (running.get()) {
                partial.set(latest.get());
            }
        });
        return Work.heavy(text("analysis.title", analyzed, data.preview().name()), progress -> new AnalysisJob(
                        workbench, model, data.settings(), settings, adapter)
                .run(progress, arrived -> {
                    latest.set(arrived);
                    show.run();
                }));
    }

    /** Resumes the analyses that an earlier start of the program has left on clusters. */
    public void resumePending() {
        there.resume(analysis -> {
            session.add(analysis, null);
            logRemarks(analysis);
        });
    }

    private void done(OpenModel model, Analysis analysis) {
        end();
        AnalysisEntry entry = session.add(analysis, null);
        if (model == session.modelProperty().get()) {
            session.analysisProperty().set(entry);
        }
        logRemarks(analysis);
    }

    private void failed(Throwable thrown) {
        end();
        ReportedError failed = ReportedError.of(text("analysis.failed"), thrown, this::analyze);
        problem.set(failed);
        dialogs.error(failed);
    }

    /** Cancels the analysis; the previous result is shown again. */
    public void cancel() {
        stopping.run();
    }

    /**
     * Returns the text of a cell: the pair and its similarity in full precision, or the reason why the similarity is
     * undefined.
     */
    public String readout(Cell cell) {
        SimilarityMatrix shown = matrix.get();
        return shown == null || cell.i() >= shown.size() || cell.j() >= shown.size()
                ? ""
                : AnalysisTexts.cell(shown, measure.get(), cell);
    }

    /** Returns the layer whose importance follows from a pair; null if there is none. */
    @Nullable
    Integer layer(Cell cell) {
        return AnalysisTexts.layer(measure.get(), cell);
    }

    /**
     * Returns all details of a pair: the states, the value, and the importance of a layer between the states.
     *
     * @param selection selection whose rule selects in every resample; null for what the analysis proposes
     */
    public String details(Cell cell, @Nullable LayerSelection selection) {
        SimilarityMatrix shown = matrix.get();
        MeasureResult seen = session.resultProperty().get();
        return shown == null || cell.i() >= shown.size() || cell.j() >= shown.size()
                ? ""
                : AnalysisTexts.details(
                        shown, measure.get(), seen, seen == null ? null : shares(seen, selection), cell);
    }

    /**
     * Returns the text of a layer's bar: the importance in full precision, or the reason why the importance is
     * undefined.
     *
     * @param shares share of the resamples that select each layer; null without resampling
     * @param state text to append to the name of the layer, for example that the layer is selected
     */
    public String readout(MeasureResult result, @Nullable SelectionShares shares, int layer, String state) {
        AnalysisEntry seen = session.analysisProperty().get();
        // the first layer of a decoder sees hardly more than the last token itself
        boolean hardlyVaries = layer == 0 && seen != null && seen.analysis().position() == Position.LAST;
        return AnalysisTexts.layer(result, shares, layer, state, hardlyVaries);
    }

    /**
     * Returns the share of the resamples that select each layer, as {@link Analysis#shares} says; null without
     * resampling.
     *
     * @param selection selection that follows the result; null for the layers that the analysis proposes
     */
    @Nullable
    SelectionShares shares(MeasureResult result, @Nullable LayerSelection selection) {
        AnalysisEntry seen = session.analysisProperty().get();
        if (seen == null || !seen.analysis().results().contains(result)) {
            return null; // between the change of the analysis and that of the result
        }
        Analysis analysis = seen.analysis();
        LayerSelection by =
                selection == null || selection.of() != analysis.layers() ? analysis.proposed(result) : selection;
        if (shared == null
                || shared.analysis() != analysis
                || shared.result() != result
                || !shared.selection().equals(by)) {
            shared =
                    new Shared(analysis, result, by, analysis.shares(result, by).orElse(null));
        }
        return shared.shares();
    }

    /** Returns the kinds of the layers on display, as far as they differ. */
    LayerKinds kinds(int layers) {
        return session.kinds(layers);
    }

    private void logRemarks(Analysis analysis) {
        int layers = analysis.importance().layers();
        int ranked = analysis.importance().ranking(UndefinedLayers.EXCLUDE).size();
        String time = NumberTexts.duration(analysis.seconds());
        dialogs.notify(
                text("analysis.done"),
                ranked == layers
                        ? text("analysis.done.detail", layers, time)
                        : text("analysis.done.part", ranked, layers, time));
    }

    private void end() {
        running.set(false);
        partial.set(null);
        stopping = () -> {};
    }
}
