package org.layerwise.gui.study;

import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import javafx.beans.InvalidationListener;
import javafx.beans.Observable;
import org.jspecify.annotations.Nullable;
import org.layerwise.gui.analysis.AnalysisForm;
import org.layerwise.gui.common.Messages;
import org.layerwise.gui.data.DataViewModel;
import org.layerwise.gui.experiment.ExperimentForm;
import org.layerwise.gui.model.ModelViewModel;
import org.layerwise.gui.model.OpenOptions;
import org.layerwise.gui.session.AnalysisEntry;
import org.layerwise.gui.session.RunEntry;
import org.layerwise.gui.session.RunLocation;
import org.layerwise.gui.session.SelectionViewModel;
import org.layerwise.gui.session.StudySession;
import org.layerwise.gui.session.UndoHistory;
import org.layerwise.gui.training.TrainingForm;
import org.layerwise.lora.LoraSettings;
import org.layerwise.selection.LayerSelection;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.analysis.MeasureResult;
import org.layerwise.study.document.StudyDocument;
import org.layerwise.study.document.StudyDocument.AnalysisPart;
import org.layerwise.study.document.StudyDocument.View;
import org.layerwise.study.document.StudySettings;

/** Panes with the contents of a study, which are read into a document and filled from one. */
public record StudyPanes(
        StudySession session,
        ModelViewModel model,
        DataViewModel data,
        AnalysisForm analysis,
        RunLocation analyzeOn,
        SelectionViewModel selection,
        TrainingForm training,
        RunLocation trainOn,
        ExperimentForm experiment) {

    /**
     * Returns the current contents of the panes as a document. Analyses that are only in memory have no folder.
     *
     * @param pane returns the name of the visible pane
     */
    StudyDocument read(Supplier<@Nullable String> pane) {
        List<AnalysisPart> analyses = session.analyses().stream()
                .map(entry -> new AnalysisPart(
                        entry.number(),
                        entry.folder(),
                        entry.analysis().model(),
                        entry.analysis().task()))
                .toList();
        AnalysisEntry seen = session.analysisProperty().get();
        MeasureResult result = session.resultProperty().get();
        RunEntry run = session.runProperty().get();
        return new StudyDocument(
                new StudySettings(
                        model.chosen(),
                        data.settings(),
                        analysis.ofModelAlone(),
                        training.settings(null),
                        training.optimiser().batch().get(),
                        analyzeOn.chosen(),
                        trainOn.chosen()),
                analyses,
                selection.selectionProperty().get(),
                List.copyOf(session.kept()),
                session.ownRuns().stream().map(RunEntry::folder).toList(),
                session.experiments().stream()
                        .map(entry -> entry.folder().toAbsolutePath())
                        .toList(),
                new View(
                        seen == null ? null : seen.number(),
                        result == null ? null : result.measure().id(),
                        run == null || run.visitingProperty().get() ? null : run.folder(),
                        pane.get()));
    }

    /** Fills the panes with settings, without opening model or data. */
    void fill(StudySettings settings) {
        model.prepare(settings.model());
        data.show(settings.rows());
        analysis.take(settings.analysis());
        selection.ratioProperty().set(settings.analysis().ratio());
        selection.setUndefined(settings.analysis().undefined());
        analyzeOn.choose(settings.analyzeOn());
        training.fill(settings.training(), settings.batch());
        trainOn.choose(settings.trainOn());
        fillTargets(settings.training());
    }

    /** Fills in the target modules and weights of experts, which each new model resets. */
    void fillTargets(TrainingSettings settings) {
        training.adapter()
                .targetModules()
                .set(Objects.requireNonNullElse(settings.adapter().targetModules(), List.of()));
        training.adapter().targetParameters().set(settings.get(LoraSettings.TARGET_PARAMETERS));
    }

    /** Selects layers and returns true, if their number of layers is the one of the current selection. */
    boolean select(LayerSelection layers) {
        LayerSelection now = selection.selectionProperty().get();
        if (now == null || now.of() != layers.of()) {
            return false;
        }
        session.history().quietly(() -> selection.take(layers));
        return true;
    }

    /** Returns true if the panes hold nothing that belongs to a study. */
    boolean blank() {
        return session.modelProperty().get() == null
                && session.dataProperty().get() == null
                && session.analyses().isEmpty()
                && session.ownRuns().isEmpty()
                && session.experiments().isEmpty()
                && session.kept().isEmpty();
    }

    /**
     * Adds a listener for every change of the contents that {@link #read} returns. The listener is often called several
     * times per change.
     */
    void listen(InvalidationListener changed) {
        List<Observable> parts = List.of(
                session.modelProperty(),
                session.dataProperty(),
                session.analyses(),
                session.analysisProperty(),
                session.resultProperty(),
                session.runs(),
                session.runProperty(),
                session.experiments(),
                session.kept(),
                selection.selectionProperty());
        parts.forEach(part -> part.addListener(changed));
        model.choices().parts().forEach(part -> part.addListener(changed));
        data.parts().forEach(part -> part.addListener(changed));
        analysis.parts().forEach(part -> part.addListener(changed));
        analyzeOn.parts().forEach(part -> part.addListener(changed));
        trainOn.parts().forEach(part -> part.addListener(changed));
        training.fields().forEach(field -> field.valueProperty().addListener(changed));
    }

    /** Records the changes of all forms in the undo history. */
    public void follow() {
        UndoHistory history = session.history();
        OpenOptions choices = model.choices();
        history.follow(
                choices,
                Messages.text("undo.loading"),
                () -> choices.settings(""),
                choices::choose,
                choices.parts().toArray(Observable[]::new));
        history.follow(
                analysis,
                Messages.text("undo.measures"),
                analysis::content,
                analysis::show,
                analysis.parts().toArray(Observable[]::new));
        history.follow(
                experiment,
                Messages.text("undo.experiment"),
                experiment::content,
                experiment::show,
                experiment.own().toArray(Observable[]::new));
        for (RunLocation on : List.of(analyzeOn, trainOn)) {
            history.follow(
                    on,
                    Messages.text("undo.run.on"),
                    on::chosen,
                    on::choose,
                    on.parts().toArray(Observable[]::new));
        }
        training.fields().forEach(field -> field.follow(history));
    }
}
