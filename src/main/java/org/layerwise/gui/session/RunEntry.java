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
import org.layerwise.run.PeakMemorySource;
import org.layerwise.run.Run;
import org.layerwise.run.RunRecord;
import org.layerwise.run.TrainingSummary;
import org.layerwise.training.Evaluation;
import org.layerwise.training.StepRecord;

/**
 * A training run in the window: the state, steps, evaluations and remarks received so far or read from the run folder.
 * Changes on the FX thread only.
 */
public final class RunEntry {

    // start time at the end of a run's name, after the data's name and the layers
    private static final String STAMP = "-\\d{8}-\\d{6}(-\\d+)?$";

    private static final String VALIDATION = "eval";

    /** State of a training run. */
    public enum State {
        /** Waiting in the queue of this computer or of a cluster. */
        QUEUED,
        RUNNING,
        /** Paused by the user. */
        PAUSED,
        /** Asked to stop and saving its state. */
        STOPPING,
        FINISHED,
        CANCELLED,
        FAILED,
        /** Ended because its process ended unexpectedly. */
        INTERRUPTED;

        /** Returns true if the run is queued or working. */
        public boolean active() {
            return this == QUEUED || working();
        }

        /** Returns true if the run has started and has not ended. */
        public boolean working() {
            return this == RUNNING || this == PAUSED || this == STOPPING;
        }

        /** Returns true if the run can be resumed. */
        public boolean resumable() {
            return this == CANCELLED || this == FAILED || this == INTERRUPTED;
        }
    }

    /**
     * An evaluation on held-out rows.
     *
     * @param step number of the step after which the evaluation ran; 0 before training
     */
    public record Evaluated(int step, Evaluation evaluation) {}

    private final int number;
    private final String name;
    private final Path folder;
    private final TrainingSpeed pace = new TrainingSpeed();
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
    private PeakMemorySource memoryOf = PeakMemorySource.PROCESS;
    private boolean elsewhere;
    private boolean checkpoint;
    private boolean deleted;

    /** @param number number of the run in this window, counted from 1 */
    public RunEntry(int number, String name, Path folder, SortedSet<Integer> layers, int of) {
        this.number = number;
        this.name = name;
        this.folder = folder;
        this.layers = layers;
        this.of = of;
    }

    /** Creates an entry for a run that was read from its folder. */
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
        entry.memoryOf = read.memoryOf();
        entry.record.set(run);
        entry.checkpoint = read.checkpoint();
        entry.deleted = run.state().resumable() && !read.resumable();
        entry.place.set(read.place());
        return entry;
    }

    /** Returns the number of the run in this window, counted from 1. */
    public int number() {
        return number;
    }

    /** Returns the name of the run, which is also the name of its folder. */
    public String name() {
        return name;
    }

    /** Returns the name of the run without its start time, for charts. */
    public String shortName() {
        return name.replaceFirst(STAMP, "");
    }

    /** Returns the run folder, which exists once the training has begun to write. */
    public Path folder() {
        return folder;
    }

    /** Returns the layers with adapters, 0-based; empty if they are not known yet. */
    public SortedSet<Integer> layers() {
        return layers;
    }

    /** Returns the number of layers of the model; 0 if the number is not known yet. */
    public int of() {
        return of;
    }

    public ReadOnlyObjectProperty<State> stateProperty() {
        return state;
    }

    /** Returns true if the run is queued or working and this window controls or follows it. */
    public boolean active() {
        return state.get().active() && !elsewhere;
    }

    /** Name of the cluster that the run was sent to; empty if the run uses this computer. */
    public ReadOnlyStringProperty placeProperty() {
        return place.getReadOnlyProperty();
    }

    /** Returns true if the run was sent to a cluster. */
    public boolean sent() {
        return !place.get().isEmpty();
    }

    /** Latest status message from the cluster; empty before the first message. */
    public ReadOnlyStringProperty thereProperty() {
        return there.getReadOnlyProperty();
    }

    /** Workers that run the training on the cluster; empty before they are known. */
    public ReadOnlyStringProperty workersProperty() {
        return workers.getReadOnlyProperty();
    }

    /** Returns true if the run continues on a cluster and this window does not follow it. */
    public boolean isUnfollowed() {
        return sent() && elsewhere && state.get().active();
    }

    /** Returns true if the run can be resumed. */
    public boolean resumable() {
        // a run that was removed from the queue has left nothing
        boolean nothing = state.get() == State.CANCELLED && steps.isEmpty() && record.get() == null;
        return state.get().resumable() && !nothing && !deleted;
    }

    /**
     * Returns true if the run was interrupted before its first checkpoint, so that it would start again from the
     * beginning.
     */
    public boolean startsOver() {
        return state.get() == State.INTERRUPTED && !checkpoint;
    }

    /** Returns true if the run had a checkpoint to resume from when its folder was read. */
    public boolean hadCheckpoint() {
        return checkpoint;
    }

    /** Property that is true if the run is selected for the comparison. */
    public BooleanProperty chosenProperty() {
        return chosen;
    }

    /**
     * Property that is true if the run is shown only because it was interrupted. Such a run belongs to another study or
     * to none.
     */
    public ReadOnlyBooleanProperty visitingProperty() {
        return visiting.getReadOnlyProperty();
    }

    void setVisiting(boolean visits) {
        visiting.set(visits);
    }

    /** Makes the run part of the study, if it is not part of the study yet. */
    public void stopWaiting() {
        visiting.set(false);
    }

    /** Returns the steps so far, in order. */
    public ObservableList<StepRecord> steps() {
        return steps;
    }

    /** Returns the evaluations so far, in order; step 0 is before training. */
    public ObservableList<Evaluated> evaluations() {
        return evaluations;
    }

    /** Returns the log of the run so far, in order. */
    public ObservableList<RunRemark> remarks() {
        return remarks;
    }

    /** Result of the training; null while the run is active or if it failed. */
    public ReadOnlyObjectProperty<@Nullable TrainingSummary> summaryProperty() {
        return summary;
    }

    /** Run as its folder describes it; null before the folder was read. */
    public ReadOnlyObjectProperty<@Nullable Run> recordProperty() {
        return record;
    }

    /** Returns the subject of the run's peak memory, when its folder was last read. */
    public PeakMemorySource memoryOf() {
        return memoryOf;
    }

    /** Returns the settings of the run by the name of the flag; empty before the run folder was read. */
    public Map<String, String> settings() {
        Run read = record.get();
        return read == null ? Map.of() : read.config();
    }

    /**
     * Returns the expected time of the remaining steps in seconds; empty if the time is not known or the run is not
     * running or paused.
     */
    public OptionalDouble secondsLeft() {
        return state.get() == State.RUNNING || state.get() == State.PAUSED
                ? pace.secondsLeft()
                : OptionalDouble.empty();
    }

    /** Sets the state to queued, also for a run that was queued before. */
    public void queue() {
        summary.set(null);
        state.set(State.QUEUED);
    }

    /**
     * Assigns the run to a cluster and sets the state to queued, before the run is sent or its state is requested.
     *
     * @param name name of the cluster
     */
    public void send(String name) {
        place.set(name);
        there.set("");
        elsewhere = false;
        queue();
    }

    /** Sets the latest status message from the cluster. */
    public void onJobState(String words) {
        there.set(words);
    }

    /**
     * Sets the state to queued, for a run that waits in the queue of the cluster. A run that is stopping keeps its
     * state.
     */
    public void onRemoteWaiting() {
        elsewhere = false;
        if (state.get() != State.STOPPING) {
            state.set(State.QUEUED);
        }
    }

    /** Sets the workers that run the training on the cluster. */
    public void onRemoteMessage(String words) {
        workers.set(words);
    }

    /** Ends following the run, which continues on its cluster. */
    public void detach() {
        elsewhere = true;
        state.set(State.RUNNING);
        there.set("");
    }

    /** Sets the state to running, unless the run is paused or stopping. */
    public void start() {
        elsewhere = false;
        if (state.get() != State.PAUSED && state.get() != State.STOPPING) {
            state.set(State.RUNNING);
        }
    }

    /** Sets the state to paused or, with false, back to running. */
    public void hold(boolean held) {
        if (held && state.get() == State.RUNNING) {
            state.set(State.PAUSED);
        } else if (!held && state.get() == State.PAUSED) {
            state.set(State.RUNNING);
        }
    }

    /** Sets the state to stopping, if the run is working. */
    public void stop() {
        if (state.get().working()) {
            state.set(State.STOPPING);
        }
    }

    /** Adds steps. Steps that a resumed run repeats replace the earlier ones. */
    public void add(List<StepRecord> heard) {
        start();
        heard.forEach(pace::step);
        int from = 0;
        for (int i = 1; i <= heard.size(); i++) {
            // a run that went back to a checkpoint meanwhile reports some steps twice
            if (i == heard.size() || heard.get(i).step() <= heard.get(i - 1).step()) {
                dropStepsFrom(heard.get(from).step());
                steps.addAll(heard.subList(from, i));
                from = i;
            }
        }
    }

    private void dropStepsFrom(int step) {
        int kept = steps.size();
        while (kept > 0 && steps.get(kept - 1).step() >= step) {
            kept--;
        }
        if (kept < steps.size()) {
            steps.remove(kept, steps.size());
        }
        evaluations.removeIf(evaluated -> evaluated.step() >= step);
    }

    /** Adds evaluations. Evaluations that a resumed run repeats replace the earlier ones. */
    public void evaluate(List<Evaluated> heard) {
        for (Evaluated evaluated : heard) {
            evaluations.removeIf(known -> known.step() >= evaluated.step());
            evaluations.add(evaluated);
        }
    }

    /** Adds a line to the log of the run. */
    public void remark(RunRemark remark) {
        remarks.add(remark);
    }

    /** Records the result of a training that ended with an adapter, finished or cancelled. */
    public void finish(TrainingSummary result) {
        summary.set(result);
        state.set(result.cancelled() ? State.CANCELLED : State.FINISHED);
    }

    /** Sets the state to cancelled, for a run that was cancelled before it wrote anything. */
    public void cancel() {
        state.set(State.CANCELLED);
    }

    /** Sets the state to failed. */
    public void fail() {
        state.set(State.FAILED);
    }

    /** Adds the information of the run folder to the events received so far. */
    public void take(RunRecord read) {
        Run run = read.run();
        if (layers.isEmpty()) {
            layers = run.layers();
            of = run.of();
        }
        memoryOf = read.memoryOf();
        record.set(run);
    }
}
