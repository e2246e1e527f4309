package org.layerwise.gui.analysis;

import static org.layerwise.gui.text.Messages.text;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.BooleanBinding;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.DoubleProperty;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleDoubleProperty;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.property.SimpleObjectProperty;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Similarity;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.gui.dialog.Dialogs;
import org.layerwise.gui.dialog.Problem;
import org.layerwise.gui.engine.LoadedModel;
import org.layerwise.gui.session.AnalysisEntry;
import org.layerwise.gui.session.StudySession;
import org.layerwise.gui.session.StudySession.OpenData;
import org.layerwise.gui.tasks.Ui;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.gui.text.Figures;
import org.layerwise.study.Analysis;
import org.layerwise.study.AnalysisSettings;

/** Computes similarities and says what they are. */
public final class AnalysisViewModel {

    /** A cell of the heatmap: representations i and j, 0 being the embedding's output. */
    public record Cell(int i, int j) {}

    /** Replicates of the bootstrap when nothing else is chosen. */
    public static final int USUAL_REPLICATES = 1000;

    /** Permutations of the baseline when nothing else is chosen. */
    public static final int USUAL_PERMUTATIONS = 100;

    private final StudySession session;
    private final WorkQueue queue;
    private final Ui ui;
    private final Dialogs dialogs;
    private final ObjectProperty<@Nullable Position> position = new SimpleObjectProperty<>();
    private final BooleanProperty resample = new SimpleBooleanProperty();
    private final IntegerProperty replicates = new SimpleIntegerProperty(USUAL_REPLICATES);
    private final IntegerProperty permutations = new SimpleIntegerProperty(USUAL_PERMUTATIONS);
    private final DoubleProperty coloursFrom = new SimpleDoubleProperty(0);
    private final DoubleProperty coloursTo = new SimpleDoubleProperty(1);
    private final ObjectProperty<@Nullable Cell> hovered = new SimpleObjectProperty<>();
    private final ReadOnlyObjectWrapper<@Nullable SimilarityMatrix> partial = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable SimilarityMatrix> matrix = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyBooleanWrapper running = new ReadOnlyBooleanWrapper();
    private final ObjectProperty<@Nullable Problem> problem = new SimpleObjectProperty<>();
    private WorkQueue.@Nullable Handle handle;

    public AnalysisViewModel(StudySession session, WorkQueue queue, Ui ui, Dialogs dialogs) {
        this.session = session;
        this.queue = queue;
        this.ui = ui;
        this.dialogs = dialogs;
        matrix.bind(Bindings.createObjectBinding(
                () -> {
                    AnalysisEntry entry = session.analysisProperty().get();
                    SimilarityMatrix arriving = partial.get();
                    return arriving != null || entry == null
                            ? arriving
                            : entry.analysis().primary().similarity();
                },
                partial,
                session.analysisProperty()));
    }

    /** The token whose vector stands for an example; null for the family's default. */
    public ObjectProperty<@Nullable Position> positionProperty() {
        return position;
    }

    /** Whether an analysis also says how far it can be trusted: by bootstrap, and against unrelated data. */
    public BooleanProperty resampleProperty() {
        return resample;
    }

    /** How often the bootstrap draws the examples anew. */
    public IntegerProperty replicatesProperty() {
        return replicates;
    }

    /** How many permutations stand for unrelated data; 0 for no baseline. */
    public IntegerProperty permutationsProperty() {
        return permutations;
    }

    /** The similarity with the first colour of the scale. */
    public DoubleProperty coloursFromProperty() {
        return coloursFrom;
    }

    /** The similarity with the last colour of the scale. */
    public DoubleProperty coloursToProperty() {
        return coloursTo;
    }

    /** The cell under the pointer, null if there is none. */
    public ObjectProperty<@Nullable Cell> hoveredProperty() {
        return hovered;
    }

    /** What the heatmap shows: what has arrived while an analysis runs, else the analysis that is looked at. */
    public ReadOnlyObjectProperty<@Nullable SimilarityMatrix> matrixProperty() {
        return matrix.getReadOnlyProperty();
    }

    /** The analysis that is looked at. */
    public ObjectProperty<@Nullable AnalysisEntry> analysisProperty() {
        return session.analysisProperty();
    }

    /** The open model. */
    public ObjectProperty<@Nullable LoadedModel> modelProperty() {
        return session.modelProperty();
    }

    /** The open data. */
    public ObjectProperty<@Nullable OpenData> dataProperty() {
        return session.dataProperty();
    }

    /** Whether an analysis waits or runs. */
    public ReadOnlyBooleanProperty runningProperty() {
        return running.getReadOnlyProperty();
    }

    /** Whether there is what an analysis needs, and none runs. */
    public BooleanBinding ready() {
        return session.modelProperty()
                .isNotNull()
                .and(session.dataProperty().isNotNull())
                .and(running.not());
    }

    /** What went wrong last, null if nothing did. */
    public ObjectProperty<@Nullable Problem> problemProperty() {
        return problem;
    }

    /** Analyzes the open model on the open data. */
    public void analyze() {
        LoadedModel model = session.modelProperty().get();
        OpenData data = session.dataProperty().get();
        if (model == null || data == null || running.get()) {
            return;
        }
        AnalysisSettings defaults = AnalysisSettings.defaults();
        AnalysisSettings settings = new AnalysisSettings(
                position.get(),
                defaults.ratio(),
                defaults.undefined(),
                defaults.name(),
                defaults.measures(),
                defaults.options(),
                resample.get() ? replicates.get() : 0,
                resample.get() ? permutations.get() : 0,
                defaults.seed());
        AtomicReference<@Nullable SimilarityMatrix> latest = new AtomicReference<>();
        Runnable show = ui.coalesced(() -> {
            if (running.get()) {
                partial.set(latest.get());
            }
        });
        running.set(true);
        problem.set(null);
        handle = queue.submit(Work.heavy(
                        text(
                                "analysis.title",
                                model.card().name(),
                                data.preview().name()),
                        progress -> model.analyze(data.settings(), settings, progress, arrived -> {
                            latest.set(arrived);
                            show.run();
                        }))
                .whenDone(analysis -> {
                    end();
                    AnalysisEntry entry = session.add(analysis, null);
                    if (model == session.modelProperty().get()) {
                        session.analysisProperty().set(entry);
                    }
                    tell(analysis);
                })
                .whenFailed(thrown -> {
                    end();
                    Problem failed = Problem.of(text("analysis.failed"), thrown, this::analyze);
                    problem.set(failed);
                    dialogs.error(failed);
                })
                .whenCancelled(this::end));
    }

    /** Stops the analysis; what was there before is shown again. */
    public void cancel() {
        if (handle != null) {
            handle.stop();
        }
    }

    /** Shows similarities from 0 to 1 in the whole scale of colours again. */
    public void resetColours() {
        coloursFrom.set(0);
        coloursTo.set(1);
    }

    /** What a cell says: the pair, and its similarity in full or why there is none. */
    public String readout(Cell cell) {
        SimilarityMatrix shown = matrix.get();
        if (shown == null || cell.i() >= shown.size() || cell.j() >= shown.size()) {
            return "";
        }
        String pair = pair(Math.min(cell.i(), cell.j()), Math.max(cell.i(), cell.j()));
        Similarity similarity = shown.at(cell.i(), cell.j());
        if (similarity instanceof Similarity.Value value) {
            return text("analysis.cell", pair, String.valueOf(value.value()));
        }
        return text("analysis.cell.undefined", pair, ((Similarity.Undefined) similarity).reason());
    }

    /**
     * What a layer's bar says: its importance in full or why there is none.
     *
     * @param state what is said behind its name, such as that it is selected
     */
    public String readout(LayerImportance importance, int layer, String state) {
        Analysis seen = Optional.ofNullable(session.analysisProperty().get())
                .map(AnalysisEntry::analysis)
                .orElse(null);
        // a decoder's first layer sees hardly more than the last token itself
        boolean hardlyVaries = layer == 0
                && seen != null
                && seen.position() == Position.LAST
                && importance.of(layer).isPresent();
        if (hardlyVaries) {
            return text(
                    "analysis.layer.first.last",
                    layer,
                    String.valueOf(importance.of(layer).orElse(Double.NaN)),
                    state);
        }
        return importance
                .reason(layer)
                .map(reason -> text("analysis.layer.undefined", layer, reason, state))
                .orElseGet(() -> text(
                        "analysis.layer",
                        layer,
                        String.valueOf(importance.of(layer).orElse(Double.NaN)),
                        state));
    }

    /** One line about the analysis that is looked at. */
    public String facts(Analysis analysis) {
        String line = text(
                "analysis.facts",
                analysis.task(),
                Figures.exact(analysis.samples()),
                Optional.ofNullable(analysis.position())
                        .map(found -> text("position." + found.id()))
                        .orElse(text("position.unknown")),
                Figures.duration(analysis.seconds()));
        return analysis.cutRows() == 0 ? line : line + text("analysis.facts.cut", Figures.exact(analysis.cutRows()));
    }

    private void tell(Analysis analysis) {
        int layers = analysis.importance().layers();
        int ranked = analysis.importance().ranking(UndefinedLayers.EXCLUDE).size();
        String time = Figures.duration(analysis.seconds());
        dialogs.notify(
                text("analysis.done"),
                ranked == layers
                        ? text("analysis.done.detail", layers, time)
                        : text("analysis.done.part", ranked, layers, time));
    }

    private void end() {
        running.set(false);
        partial.set(null);
        handle = null;
    }

    private static String pair(int lower, int upper) {
        return upper == lower + 1
                ? text("analysis.pair.layer", lower)
                : text("analysis.pair", state(lower), state(upper));
    }

    private static String state(int index) {
        return index == 0 ? text("analysis.embedding") : text("analysis.output", index, index - 1);
    }
}
