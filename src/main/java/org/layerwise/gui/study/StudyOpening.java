package org.layerwise.gui.study;

import static org.layerwise.gui.common.Messages.text;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.gui.common.Dialogs;
import org.layerwise.gui.common.FileDialogs;
import org.layerwise.gui.common.ReportedError;
import org.layerwise.gui.session.AnalysisEntry;
import org.layerwise.gui.session.ExperimentEntry;
import org.layerwise.gui.session.RunEntry;
import org.layerwise.gui.session.StudySession;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.run.RunRecord;
import org.layerwise.selection.LayerSelection;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.ModelSettings;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.AnalysisFolder;
import org.layerwise.study.document.MissingParts;
import org.layerwise.study.document.StudyDocument;
import org.layerwise.study.document.StudyDocument.AnalysisPart;
import org.layerwise.study.document.StudyDocument.View;
import org.layerwise.study.document.StudySettings;
import org.layerwise.study.experiment.watch.SavedExperiment;

/**
 * Fills a blank window from a document: the settings at once, then analyses, runs and experiments from their folders, then data and
 * model. Asks for the location of a model or of data that the document names but that does not exist.
 */
record StudyOpening(StudyPanes panes, WorkQueue queue, FileDialogs files, Dialogs dialogs) {

    /** Maximum number of sentences in a dialog; the details show all of them. */
    private static final int MOST_TOLD = 3;

    /**
     * Parts of a study that could not be opened. They are still part of the study when it is saved again.
     *
     * @param selection selection that could not be shown; null if there is none
     */
    record Left(
            List<AnalysisPart> analyses, List<Path> runs, List<Path> experiments, @Nullable LayerSelection selection) {

        static Left nothing() {
            return new Left(List.of(), List.of(), List.of(), null);
        }

        static Left all(StudyDocument study) {
            return new Left(study.analyses(), study.runs(), study.experiments(), study.selection());
        }

        /** Returns these parts with the folders that the analyses have in a saved study. */
        Left savedIn(List<AnalysisPart> saved) {
            return new Left(
                    analyses.stream()
                            .map(part -> saved.stream()
                                    .filter(other -> other.number() == part.number())
                                    .findFirst()
                                    .orElse(part))
                            .toList(),
                    runs,
                    experiments,
                    selection);
        }
    }

    /** Analyses, runs and experiments as they were read. */
    private record Parts(
            List<Analysis> analyses,
            List<AnalysisPart> parts,
            List<RunRecord> runs,
            List<SavedExperiment> experiments,
            List<String> remarks,
            MissingParts missing) {}

    /**
     * Asks for the locations of a missing model and of missing data.
     *
     * @return document with the new locations; null if the user cancels
     */
    @Nullable
    StudyDocument locate(StudyDocument study, MissingParts missing) {
        StudySettings settings = study.settings();
        ModelSettings model = settings.model();
        DataSettings rows = settings.rows();
        if (missing.model() != null) {
            Answer answer = ask("model", missing.model());
            if (answer == Answer.NO) {
                return null;
            }
            Path folder = answer == Answer.CHOOSE ? files.openModelFolder().orElse(null) : null;
            model = folder == null ? model : model.withModel(folder.toString());
        }
        if (missing.data() != null) {
            Answer answer = ask("data", missing.data());
            if (answer == Answer.NO) {
                return null;
            }
            Path file = answer == Answer.CHOOSE ? files.openDataFile().orElse(null) : null;
            rows = file == null ? rows : rows.with(file.toString());
        }
        return study.with(new StudySettings(
                model,
                rows,
                settings.analysis(),
                settings.training(),
                settings.batch(),
                settings.analyzeOn(),
                settings.trainOn()));
    }

    private enum Answer {
        CHOOSE,
        WITHOUT,
        NO
    }

    private Answer ask(String what, Path place) {
        OptionalInt way = dialogs.choose(
                text("study.missing." + what),
                text("study.missing." + what + ".sentence", place),
                List.of(text("study.missing." + what + ".choose"), text("study.missing.without")),
                text("study.missing.cancel"));
        return way.isEmpty() ? Answer.NO : way.getAsInt() == 0 ? Answer.CHOOSE : Answer.WITHOUT;
    }

    /**
     * Fills the window.
     *
     * @param unsaved returns true for folders whose analysis is not saved anywhere else
     * @param done receives the parts that could not be opened, once analyses and runs are read; data and model may
     *     follow later
     */
    void fill(StudyDocument study, Predicate<Path> unsaved, Consumer<Left> done) {
        panes.session().history().quietly(() -> panes.fill(study.settings()));
        panes.session().kept().setAll(study.kept());
        study.analyses().forEach(part -> panes.session().reserve(part.number()));
        queue.submit(Work.light(text("study.opening"), progress -> read(study, progress))
                .whenDone(parts -> {
                    Left left = show(study, parts, unsaved);
                    openData(study.settings().rows(), parts.missing);
                    openModel(study, parts.missing);
                    done.accept(left);
                    showRemarks(parts.remarks);
                })
                .whenFailed(thrown -> {
                    done.accept(Left.all(study));
                    dialogs.error(ReportedError.of(text("study.open.failed"), thrown, null));
                })
                .whenCancelled(() -> done.accept(Left.all(study))));
    }

    private Parts read(StudyDocument study, Progress progress) {
        Parts parts = new Parts(
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                MissingParts.of(study));
        for (AnalysisPart part : study.analyses()) {
            progress.check();
            Path folder = part.folder();
            if (folder != null) {
                try {
                    parts.analyses.add(AnalysisFolder.read(folder));
                    parts.parts.add(part);
                } catch (UserException e) {
                    parts.remarks.add(e.getMessage());
                }
            }
        }
        for (Path folder : study.runs()) {
            progress.check();
            try {
                parts.runs.add(RunRecord.read(folder));
            } catch (UserException e) {
                parts.remarks.add(e.getMessage());
            }
        }
        for (Path folder : study.experiments()) {
            progress.check();
            try {
                parts.experiments.add(SavedExperiment.read(folder));
            } catch (UserException e) {
                parts.remarks.add(e.getMessage());
            }
        }
        return parts;
    }

    private Left show(StudyDocument study, Parts parts, Predicate<Path> unsaved) {
        StudySession session = panes.session();
        View view = study.view();
        AnalysisEntry looked = null;
        for (int i = 0; i < parts.analyses.size(); i++) {
            AnalysisPart part = parts.parts.get(i);
            Path folder = part.folder();
            boolean memory = folder == null || unsaved.test(folder);
            AnalysisEntry entry = session.add(part.number(), parts.analyses.get(i), memory ? null : folder);
            looked = view.analysis() != null && view.analysis() == part.number() ? entry : looked;
        }
        parts.runs.forEach(run -> {
            RunEntry entry = session.add(run);
            if (entry.folder().equals(view.run())) {
                session.runProperty().set(entry);
            }
        });
        parts.experiments.forEach(saved -> {
            ExperimentEntry entry = session.experiment(saved.folder());
            entry.show(saved);
            session.experimentProperty().set(entry);
        });
        if (looked != null) {
            session.analysisProperty().set(looked);
            looked.analysis().results().stream()
                    .filter(result -> result.measure().id().equals(view.measure()))
                    .findFirst()
                    .ifPresent(session.resultProperty()::set);
        }
        LayerSelection selection = study.selection();
        boolean shown = selection == null || panes.select(selection);
        return new Left(
                study.analyses().stream()
                        .filter(part -> part.folder() != null && !parts.parts.contains(part))
                        .toList(),
                study.runs().stream()
                        .filter(folder -> parts.runs.stream()
                                .noneMatch(run -> run.run().folder().equals(folder)))
                        .toList(),
                study.experiments().stream()
                        .filter(folder -> parts.experiments.stream()
                                .noneMatch(saved -> saved.folder().equals(folder)))
                        .toList(),
                shown ? null : selection);
    }

    private void openData(DataSettings rows, MissingParts missing) {
        if (!rows.data().isEmpty() && missing.data() == null) {
            panes.data().open(rows);
        }
    }

    private void openModel(StudyDocument study, MissingParts missing) {
        ModelSettings model = study.settings().model();
        if (model.model().isEmpty() || missing.model() != null) {
            return;
        }
        LayerSelection shown = panes.selection().selectionProperty().get();
        panes.model().open(model.model(), () -> {
            panes.session()
                    .history()
                    .quietly(() -> panes.fillTargets(study.settings().training()));
            // opening a model takes time; a selection that the user has made meanwhile is kept
            boolean meanwhile = panes.selection().chosen()
                    && !Objects.equals(
                            shown, panes.selection().selectionProperty().get());
            if (study.selection() != null && !meanwhile) {
                panes.select(study.selection());
            }
        });
    }

    private void showRemarks(List<String> remarks) {
        if (!remarks.isEmpty()) {
            dialogs.error(new ReportedError(
                    text("study.open.some", remarks.size()),
                    String.join(" ", remarks.subList(0, Math.min(remarks.size(), MOST_TOLD))),
                    remarks.size() <= MOST_TOLD ? null : String.join("\n", remarks),
                    null));
        }
    }
}
