package org.layerwise.gui.session;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedSet;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;
import org.layerwise.gui.engine.RunRecord;
import org.layerwise.study.Run;
import org.layerwise.study.TrainingSummary;
import org.layerwise.training.Evaluation;
import org.layerwise.training.StepRecord;

/** A training as it goes, or as its folder tells it: what has been heard of it so far. Changes on the FX thread only. */
public final class RunEntry {

    // behind the data's name and the layers: when it was started
    private static final String STAMP = "-\\d{8}-\\d{6}(-\\d+)?$";

    private static final String VALIDATION = "eval";

    /** How far a training is. */
    public enum State {
        /** It waits for its turn, here or on a cluster. */
        QUEUED,
        RUNNING,
        /** People hold it up. */
        PAUSED,
        /** It was asked to stop, and saves what it has. */
        STOPPING,
        FINISHED,
        CANCELLED,
        FAILED,
        /** Its program ended without a word. */
        INTERRUPTED;

        /** Whether it waits or works. */
        public boolean active() {
            return this == QUEUED || working();
        }

        /** Whether it has begun and not ended. */
        public boolean working() {
            return this == RUNNING || this == PAUSED || this == STOPPING;
        }

        /** Whether it may go on where it stopped. */
        public boolean resumable() {
            return this == CANCELLED || this == FAILED || this == INTERRUPTED;
        }
    }

    /** An evaluation on held-out data after so many steps. */
    public record Evaluated(int step, Evaluation evaluation) {}

    private final int number;
    private final String name;
    private final Path folder;
    private final Pace pace = new Pace();
    private final ObjectProperty<State> state = new SimpleObjectProperty<>(State.QUEUED);
    private final ObservableList<StepRecord> steps = FXCollections.observableArrayList();
    private final ObservableList<Evaluated> evaluations = FXCollections.observableArrayList();
    private final ObservableList<RunRemark> remarks = FXCollections.observableArrayList();
    private final ObjectProperty<@Nullable TrainingSummary> summary = new SimpleObjectProperty<>();
    private final ObjectProperty<@Nullable Run> record = new SimpleObjectProperty<>();
    private final BooleanProperty chosen = new SimpleBooleanProperty(true);
    private final ReadOnlyBooleanWrapper visiting = new ReadOnlyBooleanWrapper();
    private final ReadOnlyStringWrapper place = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper there = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper workers = new ReadOnlyStringWrapper("");
    private SortedSet<Integer> layers;
    private int of;
    private boolean elsewhere;
    private boolean checkpoint;
    private boolean deleted;

    /** @param number counts from 1 in this window */
    public RunEntry(int number, String name, Path folder, SortedSet<Integer> layers, int of) {
        this.number = number;
        this.name = name;
        this.folder = folder;
        this.layers = layers;
        this.of = of;
    }

    /** One that was read from its folder. */
    public static RunEntry of(int number, RunRecord read) {
        Run run = read.run();
        RunEntry entry = new RunEntry(number, run.name(), run.folder(), run.layers(), run.of());
        read.history().steps().forEach(entry.pace::step);
        entry.steps.setAll(read.history().steps());
        entry.evaluations.setAll(read.history().evaluations().stream()
                .filter(evaluated -> evaluated.prefix().equals(VALIDATION))
                .map(evaluated -> new Evaluated(evaluated.step(), evaluated.evaluation()))
                .toList());
        entry.summary.set(read.summary());
        entry.state.set(State.valueOf(run.state().name()));
        entry.elsewhere = entry.state.get().active();
        entry.record.set(run);
        entry.checkpoint = read.checkpoint();
        entry.deleted = run.state().resumable() && !read.resumable();
        entry.place.set(read.place());
        return entry;
    }

    /** Counts from 1 in this window. */
    public int number() {
        return number;
    }

    /** What it is called, as its folder is. */
    public String name() {
        return name;
    }

    /** Its name as short as charts need it: without when it was started. */
    public String shortName() {
        return name.replaceFirst(STAMP, "");
    }

    /** The run folder, which exists once the training has begun to write. */
    public Path folder() {
        return folder;
    }

    /** The layers with adapters, 0-based; empty if they are not known yet. */
    public SortedSet<Integer> layers() {
        return layers;
    }

    /** How many layers the model has; 0 if that is not known yet. */
    public int of() {
        return of;
    }

    public ReadOnlyObjectProperty<State> stateProperty() {
        return state;
    }

    /** Whether it waits or runs, in this window. */
    public boolean active() {
        return state.get().active() && !elsewhere;
    }

    /** The cluster that it was sent to, by its name; empty if it is done here. */
    public ReadOnlyStringProperty placeProperty() {
        return place.getReadOnlyProperty();
    }

    /** Whether it is done on a cluster. */
    public boolean sent() {
        return !place.get().isEmpty();
    }

    /** What the cluster said of it last; empty before that. */
    public ReadOnlyStringProperty thereProperty() {
        return there.getReadOnlyProperty();
    }

    /** Who works at it on the cluster; empty before that is known. */
    public ReadOnlyStringProperty workersProperty() {
        return workers.getReadOnlyProperty();
    }

    /** Whether it goes on on a cluster and nobody follows it in this window. */
    public boolean unfollowed() {
        return sent() && elsewhere && state.get().active();
    }

    /** Whether it may go on where it stopped. */
    public boolean resumable() {
        // one that was taken out of the queue has left nothing
        boolean nothing = state.get() == State.CANCELLED && steps.isEmpty() && record.get() == null;
        return state.get().resumable() && !nothing && !deleted;
    }

    /** Whether there is nothing to go on from, so that it would begin anew. */
    public boolean startsOver() {
        return state.get() == State.INTERRUPTED && !checkpoint;
    }

    /** Whether there was a checkpoint to go on from when it was read from its folder. */
    public boolean hadCheckpoint() {
        return checkpoint;
    }

    /** Whether it is among those that are compared. */
    public BooleanProperty chosenProperty() {
        return chosen;
    }

    /** Whether it is only shown here because it was cut off: it is part of another study, or of none. */
    public ReadOnlyBooleanProperty visitingProperty() {
        return visiting.getReadOnlyProperty();
    }

    void setVisiting(boolean visits) {
        visiting.set(visits);
    }

    /** It becomes part of the study, if it is not yet. */
    public void stay() {
        visiting.set(false);
    }

    /** Steps so far, in order. */
    public ObservableList<StepRecord> steps() {
        return steps;
    }

    /** Evaluations so far, in order; step 0 is before training. */
    public ObservableList<Evaluated> evaluations() {
        return evaluations;
    }

    /** What there is to tell of it so far, in order. */
    public ObservableList<RunRemark> remarks() {
        return remarks;
    }

    /** What came of it, null while it runs or if it failed. */
    public ReadOnlyObjectProperty<@Nullable TrainingSummary> summaryProperty() {
        return summary;
    }

    /** What its folder says of it, null before that was read. */
    public ReadOnlyObjectProperty<@Nullable Run> recordProperty() {
        return record;
    }

    /** Its flags, by name; empty before they were read. */
    public Map<String, String> settings() {
        Run read = record.get();
        return read == null ? Map.of() : read.config();
    }

    /** How long its steps still take; empty if that is not known, or it does not run. */
    public OptionalDouble secondsLeft() {
        return state.get() == State.RUNNING || state.get() == State.PAUSED
                ? pace.secondsLeft()
                : OptionalDouble.empty();
    }

    /** It waits for its turn, perhaps once more. */
    public void queue() {
        summary.set(null);
        state.set(State.QUEUED);
    }

    /** It is for a cluster, and waits to be sent there or to be asked for. */
    public void send(String name) {
        place.set(name);
        there.set("");
        elsewhere = false;
        queue();
    }

    /** Its cluster has told how it is. */
    public void hear(String words) {
        there.set(words);
    }

    /** It waits for its turn on the cluster. */
    public void waitThere() {
        elsewhere = false;
        if (state.get() != State.STOPPING) {
            state.set(State.QUEUED);
        }
    }

    /** These work at it on the cluster. */
    public void workThere(String words) {
        workers.set(words);
    }

    /** Nobody follows it any longer; it goes on on its cluster. */
    public void leaveThere() {
        elsewhere = true;
        state.set(State.RUNNING);
        there.set("");
    }

    /** It has begun. */
    public void start() {
        elsewhere = false;
        if (state.get() != State.PAUSED && state.get() != State.STOPPING) {
            state.set(State.RUNNING);
        }
    }

    /** It is held up, or goes on. */
    public void hold(boolean held) {
        if (held && state.get() == State.RUNNING) {
            state.set(State.PAUSED);
        } else if (!held && state.get() == State.PAUSED) {
            state.set(State.RUNNING);
        }
    }

    /** It was asked to stop. */
    public void stop() {
        if (state.get().working()) {
            state.set(State.STOPPING);
        }
    }

    /** Steps have been heard of; those that a resume does again replace the first ones. */
    public void add(List<StepRecord> heard) {
        start();
        heard.forEach(pace::step);
        int from = 0;
        for (int i = 1; i <= heard.size(); i++) {
            // a run that went back to a checkpoint meanwhile tells some steps twice
            if (i == heard.size() || heard.get(i).step() <= heard.get(i - 1).step()) {
                forgetFrom(heard.get(from).step());
                steps.addAll(heard.subList(from, i));
                from = i;
            }
        }
    }

    private void forgetFrom(int step) {
        int kept = steps.size();
        while (kept > 0 && steps.get(kept - 1).step() >= step) {
            kept--;
        }
        if (kept < steps.size()) {
            steps.remove(kept, steps.size());
        }
        evaluations.removeIf(evaluated -> evaluated.step() >= step);
    }

    /** Evaluations have been heard of; those that a resume does again replace the first ones. */
    public void evaluate(List<Evaluated> heard) {
        for (Evaluated evaluated : heard) {
            evaluations.removeIf(known -> known.step() >= evaluated.step());
            evaluations.add(evaluated);
        }
    }

    /** Tells one more thing of it. */
    public void remark(RunRemark remark) {
        remarks.add(remark);
    }

    /** It has come to its end and left an adapter. */
    public void finish(TrainingSummary result) {
        summary.set(result);
        state.set(result.cancelled() ? State.CANCELLED : State.FINISHED);
    }

    /** It was cancelled before it left anything. */
    public void cancel() {
        state.set(State.CANCELLED);
    }

    /** It broke. */
    public void fail() {
        state.set(State.FAILED);
    }

    /** Takes what its folder says beside what is heard of it. */
    public void take(Run read) {
        if (layers.isEmpty()) {
            layers = read.layers();
            of = read.of();
        }
        record.set(read);
    }
}
