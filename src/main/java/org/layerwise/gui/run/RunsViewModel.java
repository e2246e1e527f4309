package org.layerwise.gui.run;

import static org.layerwise.gui.common.Messages.text;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javafx.beans.InvalidationListener;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;
import org.layerwise.gui.chart.Figure;
import org.layerwise.gui.chart.FigureExporter;
import org.layerwise.gui.common.Dialogs;
import org.layerwise.gui.common.FileDialogs;
import org.layerwise.gui.common.ReportedError;
import org.layerwise.gui.common.Sheet;
import org.layerwise.gui.session.RunEntry;
import org.layerwise.gui.session.StudySession;
import org.layerwise.gui.tasks.FxExecutor;
import org.layerwise.gui.tasks.Work;
import org.layerwise.gui.tasks.WorkQueue;
import org.layerwise.run.Run;
import org.layerwise.run.RunRecord;
import org.layerwise.run.RunStore;
import org.layerwise.run.TrainingSummary;
import org.layerwise.run.paired.RunPairs;

/** Compares runs of this window and runs that are opened from a folder. */
public final class RunsViewModel {

    // more curves are hard to tell apart
    private static final int MOST_CHOSEN = 8;

    private final StudySession session;
    private final WorkQueue queue;
    private final FileDialogs files;
    private final Dialogs dialogs;
    private final FigureExporter exports;
    private final RunController work;
    private final ObservableList<RunEntry> chosen = FXCollections.observableArrayList();
    private final ObservableList<RunEntry> shownChosen = FXCollections.unmodifiableObservableList(chosen);
    private final ObservableList<RunEntry> offered = FXCollections.observableArrayList();
    private final ObservableList<RunEntry> shownOffered = FXCollections.unmodifiableObservableList(offered);
    private final ReadOnlyObjectWrapper<Sheet> table = new ReadOnlyObjectWrapper<>(RunComparison.sheet(List.of()));
    private final ReadOnlyObjectWrapper<PairedTestsSheet> pairs = new ReadOnlyObjectWrapper<>(PairedTestsSheet.NONE);
    private final ObjectProperty<@Nullable ReportedError> problem = new SimpleObjectProperty<>();
    private final Runnable tabulate;
    private List<TrainingSummary> paired = List.of();
    private WorkQueue.@Nullable Handle pairing;

    public RunsViewModel(
            StudySession session,
            WorkQueue queue,
            FxExecutor ui,
            FileDialogs files,
            Dialogs dialogs,
            FigureExporter exports,
            RunController work) {
        this.session = session;
        this.queue = queue;
        this.files = files;
        this.dialogs = dialogs;
        this.exports = exports;
        this.work = work;
        // limits the rate, since a running run changes many times a second
        tabulate = ui.coalesced(this::tabulate);
        session.runs().addListener((ListChangeListener<RunEntry>) change -> {
            while (change.next()) {
                change.getAddedSubList().forEach(this::listen);
            }
            choose();
        });
        session.runs().forEach(this::listen);
        choose();
    }

    private void listen(RunEntry run) {
        InvalidationListener changes = observable -> tabulate.run();
        run.stateProperty().addListener((observable, was, is) -> {
            tabulate.run();
            if (is.active()) {
                offered.remove(run);
            }
        });
        run.summaryProperty().addListener((observable, was, is) -> tabulate.run());
        run.recordProperty().addListener((observable, was, is) -> tabulate.run());
        run.evaluations().addListener(changes);
        run.steps().addListener(changes);
        run.chosenProperty().addListener((observable, was, is) -> choose());
    }

    private void choose() {
        List<RunEntry> now = session.runs().stream()
                .filter(run -> run.chosenProperty().get())
                .toList();
        if (!chosen.equals(now)) {
            chosen.setAll(now);
        }
        tabulate();
    }

    private void tabulate() {
        Sheet now = RunComparison.sheet(chosen);
        if (!now.equals(table.get())) {
            table.set(now);
        }
        List<TrainingSummary> ended = chosen.stream()
                .map(run -> run.summaryProperty().get())
                .filter(Objects::nonNull)
                .toList();
        if (!ended.equals(paired)) {
            paired = ended;
            pair();
        }
    }

    /** Runs the paired tests of the runs that have ended, on a background thread. */
    private void pair() {
        if (pairing != null) {
            pairing.stop();
            pairing = null;
        }
        pairs.set(PairedTestsSheet.NONE);
        if (paired.size() < 2) {
            return;
        }
        List<TrainingSummary> tested = paired;
        List<RunEntry> ended = chosen.stream()
                .filter(run -> run.summaryProperty().get() != null)
                .toList();
        List<Path> folders = ended.stream().map(RunEntry::folder).toList();
        pairing = queue.submit(Work.quiet(
                        text("run.pairs.testing"),
                        progress -> RunPairs.of(folders.stream().map(Run::open).toList(), progress))
                .whenDone(found -> {
                    if (tested.equals(paired)) {
                        pairs.set(PairedTestsSheet.of(found.pairs(), found.notes(), ended));
                    }
                })
                .whenFailed(thrown -> {
                    if (tested.equals(paired)) {
                        problem.set(ReportedError.of(text("run.pairs.failed"), thrown, this::pair));
                    }
                }));
    }

    /** Returns all known runs, in the order in which they were added. */
    public ObservableList<RunEntry> runs() {
        return session.runs();
    }

    /** Returns the compared runs. */
    public ObservableList<RunEntry> chosen() {
        return shownChosen;
    }

    /** Returns the interrupted runs that are offered for resuming. */
    public ObservableList<RunEntry> offered() {
        return shownOffered;
    }

    /** Returns the table of the compared runs. */
    public ReadOnlyObjectProperty<Sheet> tableProperty() {
        return table.getReadOnlyProperty();
    }

    /** Returns the paired tests of the compared runs that have ended. */
    ReadOnlyObjectProperty<PairedTestsSheet> pairsProperty() {
        return pairs.getReadOnlyProperty();
    }

    /** Returns the last problem; null if there is none. */
    public ObjectProperty<@Nullable ReportedError> problemProperty() {
        return problem;
    }

    /** Looks for runs that were interrupted when the program ended, and offers to resume them. Must be called once. */
    public void offerUnfinished() {
        work.findUnfinished(runs -> {
            offered.setAll(runs);
            if (session.runProperty().get() == null) {
                session.runProperty().set(runs.get(0));
            }
            dialogs.notify(
                    text("run.offer.title"),
                    runs.size() == 1
                            ? text(
                                    runs.get(0).hadCheckpoint() ? "run.offer.notice.one" : "run.offer.notice.anew",
                                    runs.get(0).shortName())
                            : text("run.offer.notice", runs.size()));
        });
    }

    /** Resumes all offered runs, one after another. */
    public void resumeOffered() {
        List<RunEntry> all = List.copyOf(offered);
        offered.clear();
        all.forEach(work::resume);
    }

    /** Stops offering these runs. Their folders are kept. */
    public void dismissOffered() {
        offered.forEach(work::dismiss);
        offered.clear();
    }

    /** Asks for a folder and opens the runs inside. */
    public void open() {
        files.openRunsFolder().ifPresent(this::open);
    }

    /** Opens the runs in a folder, or the run whose folder it is. */
    public void open(Path folder) {
        problem.set(null);
        queue.submit(Work.light(text("run.opening", String.valueOf(folder.getFileName())), progress -> {
                    List<String> remarks = new ArrayList<>();
                    return new Read(new RunStore(folder).read(RunRecord::of, progress, remarks::add), remarks);
                })
                .whenDone(read -> take(folder, read))
                .whenFailed(thrown -> {
                    ReportedError failed = ReportedError.of(text("run.open.failed"), thrown, () -> open(folder));
                    problem.set(failed);
                    dialogs.error(failed);
                }));
    }

    private record Read(List<RunRecord> runs, List<String> remarks) {}

    private void take(Path folder, Read read) {
        for (RunRecord found : read.runs) {
            int before = session.runs().size();
            long shown = session.runs().stream()
                    .filter(run -> run.chosenProperty().get())
                    .count();
            RunEntry entry = session.add(found);
            if (session.runs().size() > before && shown >= MOST_CHOSEN) {
                entry.chosenProperty().set(false);
            }
        }
        if (!read.remarks.isEmpty()) {
            problem.set(new ReportedError(
                    text("run.open.some"), read.remarks.get(0), String.join("\n", read.remarks), null));
        } else if (read.runs.isEmpty()) {
            problem.set(new ReportedError(text("run.open.none"), text("run.open.none.detail", folder), null, null));
        } else {
            dialogs.notify(text("run.opened"), text("run.opened.detail", read.runs.size(), folder));
        }
    }

    /** Selects one of the compared runs for the training pane. */
    public void watch(RunEntry run) {
        session.runProperty().set(run);
    }

    /** Exports the table. */
    public void exportTable() {
        Sheet now = table.get();
        exports.csv("runs", now::csv);
    }

    /** Exports the paired tests. */
    void exportPairs() {
        Sheet now = pairs.get().sheet();
        exports.csv("paired-tests", now::csv);
    }

    /** Returns the object that exports and copies figures. */
    FigureExporter exports() {
        return exports;
    }

    /** Returns a figure with the curves of the compared runs for each of their quantities. */
    public List<Figure> figures() {
        return CurveFigures.of(chosen);
    }
}
