package org.layerwise.gui.analysis;

import static org.layerwise.gui.common.Messages.text;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.layerwise.base.file.FileNames;
import org.layerwise.base.file.Folders;
import org.layerwise.gui.common.Dialogs;
import org.layerwise.gui.common.FileDialogs;
import org.layerwise.gui.session.AnalysisEntry;
import org.layerwise.gui.session.StudySession;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.AnalysisFolder;

/** Saves analyses as folders and opens saved analyses, which need no model. */
public final class AnalysisFiles {

    private final StudySession session;
    private final WorkQueue queue;
    private final FileDialogs files;
    private final Dialogs dialogs;

    public AnalysisFiles(StudySession session, WorkQueue queue, FileDialogs files, Dialogs dialogs) {
        this.session = session;
        this.queue = queue;
        this.files = files;
        this.dialogs = dialogs;
    }

    /** Returns true if a path is a saved analysis: its folder, or the {@code analysis.json} in that folder. */
    public static boolean isAnalysis(Path place) {
        return Files.isDirectory(place) ? AnalysisFolder.isOne(place) : place.endsWith(AnalysisFolder.FILE);
    }

    /** Asks for a folder and opens the analysis in it. */
    public void open() {
        files.openAnalysisFolder().ifPresent(this::open);
    }

    /** Opens a saved analysis and displays it. An analysis that is already open is only displayed. */
    public void open(Path place) {
        Path folder = AnalysisFolder.of(place).toAbsolutePath().normalize();
        Optional<AnalysisEntry> known = session.analyses().stream()
                .filter(entry -> folder.equals(entry.folder()))
                .findFirst();
        if (known.isPresent()) {
            session.analysisProperty().set(known.get());
            return;
        }
        queue.submit(Work.light(text("analysis.opening", folder.getFileName()), progress -> AnalysisFolder.read(folder))
                .whenDone(analysis -> session.analysisProperty().set(session.add(analysis, folder)))
                .whenFailed(dialogs.failure(text("analysis.open.failed"), () -> open(place))));
    }

    /** Asks for a folder and saves the displayed analysis in a new folder inside it, named after the analysis. */
    public void save() {
        AnalysisEntry entry = session.analysisProperty().get();
        if (entry != null) {
            files.folder(FileDialogs.Purpose.ANALYSIS).ifPresent(place -> save(entry, place));
        }
    }

    /** Closes the displayed analysis; asks for confirmation if it was never saved. */
    public void close() {
        AnalysisEntry entry = session.analysisProperty().get();
        if (entry == null) {
            return;
        }
        boolean sure = entry.folder() != null
                || dialogs.confirm(
                        text("analysis.close.title"),
                        text("analysis.close.sentence", entry.number()),
                        text("analysis.close.action"),
                        text("analysis.close.keep"));
        if (sure) {
            session.close(entry);
        }
    }

    private void save(AnalysisEntry entry, Path place) {
        queue.submit(Work.light(text("analysis.saving"), progress -> {
                    Path folder =
                            unused(place, entry.analysis()).toAbsolutePath().normalize();
                    AnalysisFolder.write(entry.analysis(), folder);
                    return folder;
                })
                .whenDone(folder -> {
                    session.replace(entry, new AnalysisEntry(entry.number(), entry.analysis(), folder));
                    dialogs.notify(text("analysis.saved"), folder.toString());
                })
                .whenFailed(dialogs.failure(text("analysis.save.failed"), () -> save(entry, place))));
    }

    /** Returns a folder that does not exist yet, so that nothing is ever overwritten. */
    private static Path unused(Path place, Analysis analysis) {
        String name = FileNames.plain(analysis.model() + "-" + analysis.task());
        return Folders.numbered(place, name);
    }
}
