package org.layerwise.gui.study;

import static org.layerwise.gui.common.Messages.text;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileNames;
import org.layerwise.gui.common.Dialogs;
import org.layerwise.gui.common.FileDialogs;
import org.layerwise.gui.common.ReportedError;
import org.layerwise.gui.common.SaveDialog;
import org.layerwise.gui.tasks.FxExecutor;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.study.document.MissingParts;
import org.layerwise.study.document.RecoverySlot;
import org.layerwise.study.document.RecoveryStore;
import org.layerwise.study.document.StudyDocument;
import org.layerwise.study.document.StudyDocument.AnalysisPart;
import org.layerwise.study.document.StudyFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The study of a window as a file: creates, opens and saves it, knows if it has changed, and keeps a recovery copy. */
public final class StudyViewModel {

    private static final Logger LOG = LoggerFactory.getLogger(StudyViewModel.class);

    private final StudyPanes panes;
    private final WorkQueue queue;
    private final FileDialogs files;
    private final Dialogs dialogs;
    private final RecentStudies recent;
    private final StudyWindows windows;
    private final Path runsFolder;
    private final StudyOpening opening;
    private final AutoSave keeper;
    private final ReadOnlyObjectWrapper<@Nullable Path> file = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyBooleanWrapper modified = new ReadOnlyBooleanWrapper();
    private final ReadOnlyBooleanWrapper unsaved = new ReadOnlyBooleanWrapper();
    private Supplier<@Nullable String> pane = () -> null;
    private Consumer<String> showPane = name -> {};
    private StudyOpening.Left left = StudyOpening.Left.nothing();
    private StudyDocument saved;
    private @Nullable String known;
    private boolean recovered;
    private boolean filling;
    private boolean unwanted;

    /**
     * Services that a study needs.
     *
     * @param runsFolder parent of new run folders before the study has a file
     */
    public record World(
            WorkQueue queue,
            FxExecutor ui,
            FileDialogs files,
            Dialogs dialogs,
            RecentStudies recent,
            StudyWindows windows,
            RecoveryStore store,
            Path runsFolder) {}

    public StudyViewModel(StudyPanes panes, World world) {
        this.panes = panes;
        queue = world.queue;
        files = world.files;
        dialogs = world.dialogs;
        recent = world.recent;
        windows = world.windows;
        runsFolder = world.runsFolder;
        opening = new StudyOpening(panes, queue, files, dialogs);
        keeper = new AutoSave(panes.session(), queue, world.store);
        saved = read();
        Runnable look = world.ui.coalesced(this::look);
        panes.listen(changed -> look.run());
        panes.follow();
    }

    /**
     * Sets the functions that read and change the visible pane.
     *
     * @param current returns the name of the visible pane
     * @param show shows the pane of a name
     */
    public void setPaneAccess(Supplier<@Nullable String> current, Consumer<String> show) {
        pane = current;
        showPane = show;
    }

    /** File of the study; null before it was saved. */
    public ReadOnlyObjectProperty<@Nullable Path> fileProperty() {
        return file.getReadOnlyProperty();
    }

    /** Property that is true if the study differs from its file. */
    public ReadOnlyBooleanProperty modifiedProperty() {
        return modified.getReadOnlyProperty();
    }

    /** Property that is true if closing the window now would lose changes. */
    public ReadOnlyBooleanProperty unsavedProperty() {
        return unsaved.getReadOnlyProperty();
    }

    /** Returns the parent of new run folders: beside the file of the study, once it has one. */
    public Path runsFolder() {
        Path own = file.get();
        return own == null ? runsFolder : StudyFile.files(own).resolve("runs");
    }

    /** Returns the studies that were opened or saved, the last one first. */
    public List<Path> recent() {
        return recent.recentStudies();
    }

    /** Creates a new study, in this window if it is blank, otherwise in a new window. */
    public void begin() {
        if (!blank()) {
            windows.open(null);
        }
    }

    /** Asks for a study and opens it. */
    public void open() {
        files.openStudyFile().ifPresent(this::open);
    }

    /** Opens a study, in this window if it is blank, otherwise in a new window. */
    public void open(Path study) {
        Path whole = study.toAbsolutePath().normalize();
        if (windows.show(whole)) {
            return;
        }
        if (!blank()) {
            openElsewhere(whole);
            return;
        }
        filling = true;
        queue.submit(Work.light(text("study.opening.file", StudyFile.name(whole)), progress -> {
                    String fingerprint = StudyFile.fingerprint(whole);
                    StudyDocument read = StudyFile.read(whole);
                    return new Found(read, MissingParts.of(read), fingerprint);
                })
                .whenDone(found -> show(whole, found))
                .whenFailed(thrown -> {
                    filling = false;
                    dialogs.error(ReportedError.of(text("study.open.failed"), thrown, () -> open(whole)));
                })
                .whenCancelled(() -> filling = false));
    }

    private record Found(StudyDocument study, MissingParts missing, String fingerprint) {}

    /** Opens a study in a new window. Reads it first, so that a broken file opens no window. */
    private void openElsewhere(Path study) {
        queue.submit(Work.light(text("study.opening.file", StudyFile.name(study)), progress -> StudyFile.read(study))
                .whenDone(read -> windows.open(study))
                .whenFailed(dialogs.failure(text("study.open.failed"), () -> openElsewhere(study))));
    }

    private void show(Path study, Found found) {
        StudyDocument located = opening.locate(found.study, found.missing);
        if (located == null) {
            filling = false;
            return;
        }
        file.set(study);
        known = found.fingerprint;
        recent.addStudy(study);
        fill(located, rest -> {
            // a location that the user has changed counts as a change
            saved = located == found.study || located.equals(found.study) ? read() : found.study;
        });
    }

    /** Recovers a study that a crash left behind. This window must be blank. */
    public void recover(RecoverySlot slot, RecoveryStore.Left copy) {
        filling = true;
        queue.submit(Work.light(text("study.opening"), progress -> slot.read())
                .whenDone(study -> {
                    keeper.adopt(slot, study);
                    file.set(copy.original());
                    known = copy.known();
                    recovered = true;
                    fill(study, rest -> {});
                })
                .whenFailed(thrown -> {
                    filling = false;
                    slot.close();
                    dialogs.error(ReportedError.of(text("study.open.failed"), thrown, null));
                })
                .whenCancelled(() -> {
                    filling = false;
                    slot.close(); // the next start offers the study again
                }));
    }

    /**
     * Returns true if another study can be shown in this window. A study of which only the settings could be opened is
     * not blank.
     */
    public boolean blank() {
        return panes.blank() && !filling && !recovered && file.get() == null;
    }

    private void fill(StudyDocument study, Consumer<StudyOpening.Left> next) {
        filling = true;
        if (study.view().pane() != null) {
            showPane.accept(study.view().pane());
        }
        left = StudyOpening.Left.all(study); // if the study is saved before its parts are read, it still contains them
        opening.fill(study, keeper::owns, rest -> {
            left = rest;
            filling = false;
            panes.session().history().clear();
            next.accept(rest);
            look();
        });
    }

    /** Saves the study; asks for a file if it has none yet. */
    public void save() {
        save(() -> {});
    }

    /** Asks for a file and saves the study in it. */
    public void saveAs() {
        saveAs(() -> {});
    }

    private void save(Runnable next) {
        Path own = file.get();
        if (own == null) {
            saveAs(next);
        } else {
            write(own, next);
        }
    }

    private void saveAs(Runnable next) {
        Path own = file.get();
        String name = own == null ? suggestion() : String.valueOf(own.getFileName());
        new SaveDialog(files, dialogs).ask(FileDialogs.Purpose.STUDY, name).ifPresent(place -> write(place, next));
    }

    private String suggestion() {
        String model = panes.session().modelProperty().get() == null
                ? ""
                : panes.session().modelProperty().get().card().name();
        String data = panes.session().dataProperty().get() == null
                ? ""
                : panes.session().dataProperty().get().preview().name();
        String both = model.isEmpty() || data.isEmpty() ? model + data : model + "-" + data;
        return FileNames.plain(both.isEmpty() ? "study" : both) + StudyFile.ENDING;
    }

    private void write(Path place, Runnable next) {
        Path whole = place.toAbsolutePath().normalize();
        write(whole, whole.equals(file.get()) ? known : null, next);
    }

    /** @param expected fingerprint of the file when it was last read or written; null to overwrite any content */
    private void write(Path place, @Nullable String expected, Runnable next) {
        StudyDocument now = read();
        StudyAnalyses analyses = StudyAnalyses.of(panes.session(), file.get(), place, keeper::owns);
        queue.submit(Work.light(
                        text("study.saving", StudyFile.name(place)),
                        progress -> StudyFile.replace(
                                place, expected, () -> now.withAnalyses(analyses.write(now.analyses()))))
                .whenDone(written -> written.ifPresentOrElse(
                        done -> {
                            written(place, done);
                            next.run();
                        },
                        () -> askReplace(place, next)))
                .whenFailed(dialogs.failure(text("study.save.failed"), () -> write(place, expected, next))));
    }

    private void askReplace(Path place, Runnable next) {
        OptionalInt way = dialogs.choose(
                text("study.changed.title"),
                text("study.changed.sentence", place),
                List.of(text("study.changed.elsewhere"), text("action.replace")),
                text("action.cancel"));
        if (way.isPresent() && way.getAsInt() == 0) {
            saveAs(next);
        } else if (way.isPresent()) {
            write(place, null, next);
        }
    }

    private void written(Path place, StudyFile.Written written) {
        StudyAnalyses.take(panes.session(), written.study().analyses());
        left = left.savedIn(written.study().analyses());
        known = written.fingerprint();
        file.set(place);
        recent.addStudy(place);
        recovered = false;
        saved = written.study();
        keeper.saved(written.study());
        look();
        dialogs.notify(text("study.saved"), place.toString());
    }

    /**
     * Asks what to do with unsaved changes before the window closes.
     *
     * @param next closes the window; not called if the user cancels
     */
    public void leave(Runnable next) {
        look();
        if (!unsaved.get()) {
            unwanted = !filling; // nobody has seen the study that is being recovered
            next.run();
            return;
        }
        OptionalInt way = dialogs.choose(
                text("study.leave.title"),
                text("study.leave.sentence", name()),
                List.of(text("study.leave.save"), text("study.leave.discard")),
                text("study.leave.keep"));
        if (way.isEmpty()) {
            return;
        }
        if (way.getAsInt() == 0) {
            save(next);
        } else {
            unwanted = true;
            next.run();
        }
    }

    /** Returns the name of the study. */
    public String name() {
        Path own = file.get();
        return own == null ? text("study.untitled") : StudyFile.name(own);
    }

    /** Ends the recovery copy, after the window was closed and its tasks have ended. */
    public void close() {
        try {
            keeper.end(unwanted || !modified.get() && !filling);
        } catch (UserException e) {
            LOG.warn("A copy of the study is left behind: {}", e.getMessage()); // no window is left to show a message
        }
    }

    private void look() {
        if (filling) {
            return;
        }
        StudyDocument now = read();
        boolean other = recovered || !now.holdsSameAs(saved);
        modified.set(other);
        unsaved.set(other && worthKeeping(now));
        if (unsaved.get()) {
            keeper.keep(now, file.get(), known);
        }
    }

    /** Returns true if the study should not be lost: if it has a file or contents that are not saved anywhere else. */
    private boolean worthKeeping(StudyDocument now) {
        boolean memory = now.analyses().stream().anyMatch(part -> part.folder() == null);
        return recovered || file.get() != null || memory || !now.kept().isEmpty();
    }

    /** Returns the contents of the panes together with the parts that could not be opened. */
    private StudyDocument read() {
        StudyDocument now = panes.read(pane);
        List<AnalysisPart> analyses = new ArrayList<>(left.analyses());
        analyses.addAll(now.analyses());
        return new StudyDocument(
                now.settings(),
                analyses,
                now.selection() == null ? left.selection() : now.selection(),
                now.kept(),
                together(left.runs(), now.runs()),
                together(left.experiments(), now.experiments()),
                now.view());
    }

    private static List<Path> together(List<Path> left, List<Path> now) {
        return Stream.concat(left.stream(), now.stream()).distinct().toList();
    }
}
