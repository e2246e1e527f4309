package org.layerwise.gui.shell;

import static org.layerwise.gui.text.Messages.text;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.beans.value.ObservableValue;
import org.layerwise.base.UserException;
import org.layerwise.gui.dialog.Dialogs;
import org.layerwise.gui.dialog.Problem;
import org.layerwise.gui.model.ModelViewModel;
import org.layerwise.gui.session.AnalysisEntry;
import org.layerwise.gui.session.StudySession;
import org.layerwise.gui.session.StudySession.OpenData;
import org.layerwise.gui.training.TrainingViewModel;
import org.layerwise.selection.LayerSelection;
import org.layerwise.study.Analysis;
import org.layerwise.study.DataSettings;
import org.layerwise.study.MethodsText;
import org.layerwise.study.ModelSettings;
import org.layerwise.study.Provenance;
import org.layerwise.study.Replay;

/** Copies what was done, or is about to be done, as a command line, as YAML, or as a paragraph for a paper. */
final class StepTexts {

    private final StudySession session;
    private final ModelViewModel model;
    private final TrainingViewModel training;
    private final Dialogs dialogs;
    private final Consumer<String> clipboard;

    /** @param clipboard takes the text */
    StepTexts(
            StudySession session,
            ModelViewModel model,
            TrainingViewModel training,
            Dialogs dialogs,
            Consumer<String> clipboard) {
        this.session = session;
        this.model = model;
        this.training = training;
        this.dialogs = dialogs;
        this.clipboard = clipboard;
    }

    /** Whether the analysis that is looked at can be run again from what it says: not if it is of a file of numbers. */
    ObservableValue<Boolean> repeatable() {
        return session.analysisProperty()
                .map(entry -> entry.analysis().rows() != null)
                .orElse(false);
    }

    /** The analysis that is looked at, as a command line. */
    void copyAnalysisCommand() {
        analysis().ifPresent(replay -> copy(text("copy.command"), replay.commandLine()));
    }

    /** The analysis that is looked at, as a file for {@code --config}. */
    void copyAnalysisYaml() {
        analysis().ifPresent(replay -> copy(text("copy.yaml"), replay.yaml()));
    }

    /** A paragraph on the analysis that is looked at. */
    void copyMethods() {
        AnalysisEntry entry = session.analysisProperty().get();
        if (entry != null) {
            copy(text("copy.methods"), MethodsText.of(entry.analysis()));
        }
    }

    /** The training that the form describes, as a command line. */
    void copyTrainingCommand() {
        training().ifPresent(replay -> copy(text("copy.command"), replay.commandLine()));
    }

    /** The training that the form describes, as a file for {@code --config}. */
    void copyTrainingYaml() {
        training().ifPresent(replay -> copy(text("copy.yaml"), replay.yaml()));
    }

    private Optional<Replay> analysis() {
        AnalysisEntry entry = session.analysisProperty().get();
        DataSettings rows = entry == null ? null : entry.analysis().rows();
        if (entry == null || rows == null) {
            return Optional.empty();
        }
        Analysis analysis = entry.analysis();
        String name = ("analysis-" + analysis.task()).replaceAll("[^\\w.-]+", "_");
        return Optional.of(Replay.analyze(model(analysis), rows, analysis.settings(), Path.of(name)));
    }

    private Optional<Replay> training() {
        OpenData data = session.dataProperty().get();
        LayerSelection layers = training.selectionProperty().getValue();
        Optional<ModelSettings> open = model.openSettings();
        String mistake = training.mistakeProperty().get();
        if (data == null || layers == null || open.isEmpty() || !mistake.isEmpty()) {
            dialogs.error(Problem.of(text("copy.failed"), new UserException(mistake), null));
            return Optional.empty();
        }
        String name = ("run-" + data.preview().name()).replaceAll("[^\\w.-]+", "_");
        return Optional.of(Replay.train(
                open.get(),
                data.settings().withBatch(training.form().batchProperty().get()),
                training.form().settings(layers.layers()),
                Path.of(name)));
    }

    /** How its model is named to open it again, at the revision that was used. */
    private static ModelSettings model(Analysis analysis) {
        Provenance from = analysis.provenance();
        String reference = from.modelReference() == null ? analysis.model() : from.modelReference();
        boolean revised = from.modelRevision() != null && !reference.contains("@");
        return ModelSettings.of(revised ? reference + "@" + from.modelRevision() : reference);
    }

    private void copy(String what, String words) {
        clipboard.accept(words);
        dialogs.notify(what, words.lines().findFirst().orElse(""));
    }
}
