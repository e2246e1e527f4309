package org.layerwise.gui.study;

import static org.layerwise.gui.common.Messages.text;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.layerwise.gui.session.AnalysisEntry;
import org.layerwise.gui.session.StudySession;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.AnalysisFolder;
import org.layerwise.study.document.RecoverySlot;
import org.layerwise.study.document.RecoveryStore;
import org.layerwise.study.document.StudyDocument;
import org.layerwise.study.document.StudyDocument.AnalysisPart;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a recovery copy of a changed study. The copy is written in the background, one at a time; changes during the
 * writing follow in the next copy. A failure is only logged, because the work itself is not affected.
 */
final class AutoSave {

    private static final Logger LOG = LoggerFactory.getLogger(AutoSave.class);

    private final StudySession session;
    private final WorkQueue queue;
    private final RecoveryStore store;
    private final Map<Integer, Path> kept = new HashMap<>();
    private final AtomicReference<@Nullable RecoverySlot> slot = new AtomicReference<>();
    private @Nullable Wanted next;
    private @Nullable StudyDocument last;
    private boolean writing;

    private record Wanted(
            StudyDocument study, @Nullable Path original, @Nullable String known, Map<Integer, Analysis> unsaved) {}

    AutoSave(StudySession session, WorkQueue queue, RecoveryStore store) {
        this.session = session;
        this.queue = queue;
        this.store = store;
    }

    /** Continues with a copy that was left behind. The analyses in this copy are not saved anywhere else. */
    void adopt(RecoverySlot left, StudyDocument study) {
        slot.set(left);
        for (AnalysisPart part : study.analyses()) {
            if (part.folder() != null && left.owns(part.folder())) {
                kept.put(part.number(), part.folder());
            }
        }
    }

    /** Returns true if a folder is part of the copy and not saved anywhere else. */
    boolean owns(Path folder) {
        RecoverySlot known = slot.get();
        return known != null && known.owns(folder);
    }

    /**
     * Writes a copy of a study that has changed.
     *
     * @param original file of the study; null before it has one
     * @param known fingerprint of the original file when it was last read or written; null without one
     */
    void keep(StudyDocument study, @Nullable Path original, @Nullable String known) {
        if (study.equals(last)) {
            return;
        }
        Map<Integer, Analysis> unsaved = new HashMap<>();
        for (AnalysisEntry entry : session.analyses()) {
            if (entry.folder() == null && !kept.containsKey(entry.number())) {
                unsaved.put(entry.number(), entry.analysis());
            }
        }
        last = study;
        next = new Wanted(study, original, known, unsaved);
        write();
    }

    private void write() {
        Wanted wanted = next;
        if (writing || wanted == null) {
            return;
        }
        next = null;
        writing = true;
        queue.submit(Work.quiet(text("study.keeping"), progress -> write(wanted))
                .whenDone(taken -> {
                    wanted.unsaved.keySet().forEach(number -> kept.put(number, taken.analysis(number)));
                    goOn();
                })
                .whenFailed(thrown -> {
                    LOG.warn("Changes are not kept in case of a crash: {}", thrown.getMessage());
                    goOn();
                })
                .whenCancelled(this::goOn));
    }

    private void goOn() {
        writing = false;
        write();
    }

    private RecoverySlot write(Wanted wanted) {
        RecoverySlot known = slot.get();
        RecoverySlot taken = known == null ? store.open() : known;
        slot.set(taken); // immediately, because the window may close before the study is written
        wanted.unsaved.forEach((number, analysis) -> AnalysisFolder.writeData(analysis, taken.analysis(number)));
        Map<Integer, Path> all = new HashMap<>(kept);
        wanted.unsaved.keySet().forEach(number -> all.put(number, taken.analysis(number)));
        List<AnalysisPart> parts = new ArrayList<>();
        for (AnalysisPart part : wanted.study.analyses()) {
            parts.add(
                    part.folder() != null
                            ? part
                            : new AnalysisPart(part.number(), all.get(part.number()), part.model(), part.task()));
        }
        taken.write(wanted.study.withAnalyses(parts), wanted.original, wanted.known);
        return taken;
    }

    /** Removes the copy, after the study was saved. */
    void saved(StudyDocument study) {
        last = study;
        next = null;
        RecoverySlot known = slot.get();
        if (known != null) {
            queue.submit(Work.quiet(text("study.keeping"), progress -> {
                        known.forget();
                        return known;
                    })
                    .whenFailed(thrown -> LOG.warn("A copy of a study is left behind: {}", thrown.getMessage())));
        }
    }

    /**
     * Closes the copy, after the window was closed and all writing has ended.
     *
     * @param discard true to delete the copy, so that the next start offers no recovery
     */
    void end(boolean discard) {
        RecoverySlot known = slot.getAndSet(null);
        if (known == null) {
            return;
        }
        if (discard) {
            known.discard();
        } else {
            known.close();
        }
    }
}
