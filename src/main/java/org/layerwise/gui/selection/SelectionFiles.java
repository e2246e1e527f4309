package org.layerwise.gui.selection;

import static org.layerwise.gui.text.Messages.text;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Position;
import org.layerwise.base.UserException;
import org.layerwise.gui.dialog.Dialogs;
import org.layerwise.gui.dialog.FileDialogs;
import org.layerwise.gui.dialog.Problem;
import org.layerwise.gui.session.AnalysisEntry;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.PeftFragment;
import org.layerwise.selection.ReferenceFiles;
import org.layerwise.selection.ReferenceName;
import org.layerwise.selection.SavedSelection;
import org.layerwise.selection.SelectionFile;
import org.layerwise.study.Analysis;

/** Saves the selection and reads one back. */
public final class SelectionFiles {

    private final SelectionViewModel selection;
    private final WorkQueue queue;
    private final FileDialogs files;
    private final Dialogs dialogs;
    private final Function<LayerSelection, PeftFragment> fragment;

    /** @param fragment the adapter settings that go with a selection, as PEFT writes them */
    public SelectionFiles(
            SelectionViewModel selection,
            WorkQueue queue,
            FileDialogs files,
            Dialogs dialogs,
            Function<LayerSelection, PeftFragment> fragment) {
        this.selection = selection;
        this.queue = queue;
        this.files = files;
        this.dialogs = dialogs;
        this.fragment = fragment;
    }

    /** Asks for a place and writes {@code selection.json} there. */
    public void save() {
        LayerSelection layers = selection.selectionProperty().get();
        if (layers == null) {
            return;
        }
        Analysis analysis = analysis();
        String name = analysis == null ? "selection.json" : "selection-" + analysis.task() + ".json";
        files.save(FileDialogs.Purpose.SELECTION, name.replaceAll("[^\\w.-]+", "_"))
                .ifPresent(file -> write(() -> SelectionFile.write(file, saved(layers, analysis)), file, this::save));
    }

    /** Asks for a folder and writes the reference code's two text files and PEFT's adapter settings there. */
    public void saveForOtherTools() {
        LayerSelection layers = selection.selectionProperty().get();
        LayerImportance importance = selection.importanceProperty().get();
        if (layers == null || importance == null) {
            return;
        }
        Analysis analysis = analysis();
        PeftFragment adapter = fragment.apply(layers);
        files.folder(FileDialogs.Purpose.SELECTION)
                .ifPresent(folder -> write(
                        () -> {
                            if (analysis != null) {
                                ReferenceName name = analysis.referenceName();
                                ReferenceFiles.writeSimilarities(folder.resolve(name.similarities()), importance);
                                ReferenceFiles.writeOneHot(folder.resolve(name.oneHot()), layers);
                            }
                            adapter.write(folder.resolve("adapter_config.json"));
                        },
                        folder,
                        this::saveForOtherTools));
    }

    /** Asks for a {@code selection.json} and selects what it says. */
    public void open() {
        files.openSelectionFile().ifPresent(this::open);
    }

    /** Selects what a {@code selection.json} says, with its rule and its locks. */
    public void open(Path file) {
        queue.submit(Work.light(text("selection.opening", file.getFileName()), progress -> SelectionFile.read(file))
                .whenDone(saved -> take(file, saved))
                .whenFailed(
                        thrown -> dialogs.error(Problem.of(text("selection.open.failed"), thrown, () -> open(file)))));
    }

    private void take(Path file, SavedSelection saved) {
        LayerSelection now = selection.selectionProperty().get();
        if (now == null || now.of() != saved.selection().of()) {
            String sentence = now == null
                    ? text("selection.open.no.model", file.getFileName())
                    : text(
                            "selection.open.other",
                            file.getFileName(),
                            saved.selection().of(),
                            now.of());
            dialogs.error(Problem.of(text("selection.open.failed"), new UserException(sentence), null));
        } else {
            selection.take(saved.selection());
        }
    }

    private void write(Runnable writing, Path place, Runnable again) {
        queue.submit(Work.light(text("selection.saving"), progress -> {
                    writing.run();
                    return place;
                })
                .whenDone(written -> dialogs.notify(text("selection.saved"), written.toString()))
                .whenFailed(thrown -> dialogs.error(Problem.of(text("selection.failed"), thrown, again))));
    }

    private @Nullable Analysis analysis() {
        AnalysisEntry entry = selection.analysisProperty().get();
        return entry == null ? null : entry.analysis();
    }

    private static SavedSelection saved(LayerSelection layers, @Nullable Analysis analysis) {
        if (analysis == null) {
            return SavedSelection.of(layers);
        }
        return new SavedSelection(
                layers,
                new SavedSelection.Origin(
                        analysis.model(),
                        analysis.task(),
                        analysis.primary().measure().id(),
                        Optional.ofNullable(analysis.position())
                                .map(Position::id)
                                .orElse(null),
                        analysis.samples()),
                analysis.importance(),
                analysis.primary().similarity(),
                null);
    }
}
