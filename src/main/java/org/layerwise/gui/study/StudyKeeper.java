package org.layerwise.gui.study;

import static org.layerwise.gui.text.Messages.text;

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
import org.layerwise.study.Analysis;
import org.layerwise.study.AnalysisFolder;
import org.layerwise.study.document.RecoverySlot;
import org.layerwise.study.document.RecoveryStore;
import org.layerwise.study.document.StudyDocument;
import org.layerwise.study.document.StudyDocument.AnalysisPart;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a copy of a changed study in case of a crash. The copy is written in the background, one at a time; what changes
 * meanwhile is written next. That it cannot be written is a matter for the log: the work itself goes on.
 */
final class StudyKeeper {

    private static final Logger LOG = LoggerFactory.getLogger(StudyKeeper.class);

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

    StudyKeeper(StudySession session, WorkQueue queue, RecoveryStore store) {
        this.session = session;
        this.queue = queue;
        this.store = store;
    }

    /** Goes on with a copy that was left behind; the analyses in it are saved nowhere else. */
    void adopt(RecoverySlot left, StudyDocument study) {
        slot.set(left);
        for (AnalysisPart part : study.analyses()) {
            if (part.folder() != null && left.owns(part.folder())) {
                kept.put(part.number(), part.folder());
            }
        }
    }

    /** Whether a folder is in the copy and nowhere else. */
    boolean owns(Path folder) {
        RecoverySlot known = slot.get();
        return known != null && known.owns(folder);
    }

    /**
     * Keeps a study that has changed.
     *
     * @param known the fingerprint of the original when it was read or written last
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
        slot.set(taken); // at once: the window may close before the study is written
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

    /** The study was saved: a crash loses nothing. */
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
     * The window is closed and nothing is written any longer.
     *
     * @param discard whether nothing is to be recovered at the next start
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
