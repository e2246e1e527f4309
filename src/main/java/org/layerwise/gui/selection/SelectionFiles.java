package org.layerwise.gui.selection;

import static org.layerwise.gui.common.Messages.text;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileNames;
import org.layerwise.gui.common.Dialogs;
import org.layerwise.gui.common.FileDialogs;
import org.layerwise.gui.common.ReportedError;
import org.layerwise.gui.common.SaveDialog;
import org.layerwise.gui.session.AnalysisEntry;
import org.layerwise.gui.session.SelectionViewModel;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.SavedSelection;
import org.layerwise.selection.SelectionDiff;
import org.layerwise.selection.SelectionFile;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.MeasureResult;
import org.layerwise.study.comparison.ComparisonFolder;

/** Saves the selection and opens saved ones. */
public final class SelectionFiles {

    private final SelectionViewModel selection;
    private final WorkQueue queue;
    private final FileDialogs files;
    private final Dialogs dialogs;
    private final NamedSelections kept;

    /** @param kept receives an opened selection that the user saves without selecting it */
    public SelectionFiles(
            SelectionViewModel selection, NamedSelections kept, WorkQueue queue, FileDialogs files, Dialogs dialogs) {
        this.selection = selection;
        this.kept = kept;
        this.queue = queue;
        this.files = files;
        this.dialogs = dialogs;
    }

    /** Asks for a file and writes the selection as {@code selection.json}. */
    public void save() {
        LayerSelection layers = selection.selectionProperty().get();
        if (layers == null) {
            return;
        }
        Analysis analysis = analysis();
        MeasureResult result = selection.resultProperty().get();
        String name = FileNames.plain(analysis == null ? "selection" : "selection-" + analysis.task()) + ".json";
        new SaveDialog(files, dialogs)
                .ask(FileDialogs.Purpose.SELECTION, name)
                .ifPresent(file ->
                        write(() -> SelectionFile.write(file, saved(layers, analysis, result)), file, this::save));
    }

    /** Returns layers together with their origin, the analysis on display. */
    public SavedSelection saved(LayerSelection layers) {
        return saved(layers, analysis(), selection.resultProperty().get());
    }

    /** Asks for a {@code selection.json} and selects its layers. */
    public void open() {
        files.openSelectionFile().ifPresent(this::open);
    }

    /**
     * Selects the layers of a {@code selection.json}. Asks first if they differ from a selection that the user has
     * made, or if the file belongs to another model.
     */
    public void open(Path file) {
        open(file, true);
    }

    /** Selects the layers of a {@code selection.json} without asking, for configurations that name the file. */
    public void take(Path file) {
        open(file, false);
    }

    private void open(Path file, boolean ask) {
        queue.submit(Work.light(
                        text("selection.opening", file.getFileName()), progress -> ComparisonFolder.readSelection(file))
                .whenDone(saved -> take(file, saved, ask))
                .whenFailed(dialogs.failure(text("selection.open.failed"), () -> open(file, ask))));
    }

    private void take(Path file, SavedSelection saved, boolean ask) {
        LayerSelection now = selection.selectionProperty().get();
        if (now == null || now.of() != saved.selection().of()) {
            String sentence = now == null
                    ? text("selection.open.no.model", file.getFileName())
                    : text(
                            "selection.open.other",
                            file.getFileName(),
                            saved.selection().of(),
                            now.of());
            dialogs.error(ReportedError.of(text("selection.open.failed"), new UserException(sentence), null));
        } else if (!ask || !selection.chosen() && foreign(saved) == null) {
            selection.take(saved.selection());
        } else {
            compare(file, now, saved.selection(), foreign(saved));
        }
    }

    /**
     * Returns a warning if the selection was made for another model, even with the same number of layers; null if the
     * file names no model or the same one.
     */
    private @Nullable String foreign(SavedSelection saved) {
        String to = selection.model();
        return to == null ? null : saved.remark(text("selection.subject"), to).orElse(null);
    }

    private void compare(Path file, LayerSelection now, LayerSelection saved, @Nullable String warning) {
        SelectionDiff diff = SelectionDiff.of(now, saved);
        if (diff.same() && Objects.equals(now.modules(), saved.modules()) && warning == null) {
            dialogs.notify(text("selection.open.same"), String.valueOf(file.getFileName()));
            return;
        }
        String name = String.valueOf(file.getFileName()).replaceFirst("(?i)\\.json$", "");
        switch (dialogs.importSelection(diff, name, warning)) {
            case SELECT -> selection.take(saved);
            case KEEP -> kept.keep(name, saved);
            case LEAVE -> dialogs.notify(text("selection.open.left"), name);
        }
    }

    private void write(Runnable writing, Path place, Runnable again) {
        queue.submit(Work.light(text("selection.saving"), progress -> {
                    writing.run();
                    return place;
                })
                .whenDone(written -> dialogs.notify(text("selection.saved"), written.toString()))
                .whenFailed(dialogs.failure(text("selection.failed"), again)));
    }

    private @Nullable Analysis analysis() {
        AnalysisEntry entry = selection.analysisProperty().get();
        return entry == null ? null : entry.analysis();
    }

    /** Returns a selection together with its origin and importances. */
    static SavedSelection saved(LayerSelection layers, @Nullable Analysis analysis, @Nullable MeasureResult result) {
        if (analysis == null || result == null) {
            return SavedSelection.of(layers);
        }
        return new SavedSelection(layers, analysis.origin(result), result.importance(), result.similarity(), null);
    }
}
