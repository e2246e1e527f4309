package org.layerwise.gui.study;

import java.nio.file.Path;
import java.util.Optional;
import org.layerwise.gui.model.ModelViewModel;
import org.layerwise.gui.session.AnalysisEntry;
import org.layerwise.gui.session.StudySession;
import org.layerwise.gui.session.StudySession.OpenData;
import org.layerwise.gui.training.TrainingViewModel;
import org.layerwise.selection.LayerSelection;
import org.layerwise.settings.EquivalentCommand;
import org.layerwise.settings.ModelSettings;
import org.layerwise.study.analysis.AnalysisCommand;
import org.layerwise.study.analysis.AnalysisMethods;
import org.layerwise.study.analysis.MeasureResult;

/** Creates commands and texts on the displayed steps or the steps about to start. */
public final class CommandCopies {

    /** Output of the command, a placeholder that users replace. */
    private static final Path ANALYSIS = Path.of("analysis");

    private static final Path RUN = Path.of("run");
    private static final Path SELECTION = Path.of("selection.json");

    private final StudySession session;
    private final ModelViewModel model;
    private final TrainingViewModel training;

    public CommandCopies(StudySession session, ModelViewModel model, TrainingViewModel training) {
        this.session = session;
        this.model = model;
        this.training = training;
    }

    /**
     * Returns the command for the displayed analysis; empty if there is none or if it analyzes representations from a
     * file.
     */
    public Optional<EquivalentCommand> analysis() {
        AnalysisEntry entry = session.analysisProperty().get();
        return entry == null ? Optional.empty() : AnalysisCommand.of(entry.analysis(), ANALYSIS);
    }

    /** Returns the methods paragraph on the displayed analysis and the current selection; empty without an analysis. */
    public Optional<String> methods() {
        AnalysisEntry entry = session.analysisProperty().get();
        if (entry == null) {
            return Optional.empty();
        }
        MeasureResult shown = session.resultProperty().get();
        LayerSelection layers = training.selectionProperty().getValue();
        return Optional.of(
                shown == null
                                || layers == null
                                || layers.of() != entry.analysis().layers()
                        ? AnalysisMethods.of(entry.analysis())
                        : AnalysisMethods.of(entry.analysis(), shown, layers));
    }

    /** Returns the command for the selection of the displayed analysis; empty if there is none. */
    public Optional<EquivalentCommand> selection() {
        AnalysisEntry entry = session.analysisProperty().get();
        LayerSelection layers = training.selectionProperty().getValue();
        if (entry == null || layers == null || layers.of() != entry.analysis().layers()) {
            return Optional.empty();
        }
        MeasureResult shown = session.resultProperty().get();
        return Optional.of(EquivalentCommand.select(
                entry.folder() == null ? ANALYSIS : entry.folder(),
                shown == null || shown.measure() == entry.analysis().primary().measure() ? null : shown.measure(),
                entry.analysis().settings().undefined(),
                layers,
                SELECTION));
    }

    /** Returns the command for the training in the form; empty while something is missing. */
    public Optional<EquivalentCommand> training() {
        ModelSettings opened = model.openedWith();
        OpenData data = session.dataProperty().get();
        LayerSelection layers = training.selectionProperty().getValue();
        if (opened == null
                || data == null
                || layers == null
                || !training.mistakeProperty().get().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(EquivalentCommand.train(
                        opened,
                        data.settings()
                                .withBatch(training.form().optimiser().batch().get()),
                        training.settings(layers),
                        RUN)
                .on(training.runOn().chosen()));
    }
}
