package org.layerwise.gui.session;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;
import org.layerwise.study.TrainingSummary;
import org.layerwise.training.Evaluation;
import org.layerwise.training.StepRecord;

/** A training as it goes: what has been heard of it so far. Changes on the FX thread only. */
public final class RunEntry {

    /** How far a training is. */
    public enum State {
        QUEUED,
        RUNNING,
        FINISHED,
        CANCELLED,
        FAILED
    }

    /** An evaluation on held-out data after so many steps. */
    public record Evaluated(int step, Evaluation evaluation) {}

    private final int number;
    private final String name;
    private final Path folder;
    private final SortedSet<Integer> layers;
    private final int of;
    private final ObjectProperty<State> state = new SimpleObjectProperty<>(State.QUEUED);
    private final ObservableList<StepRecord> steps = FXCollections.observableArrayList();
    private final ObservableList<Evaluated> evaluations = FXCollections.observableArrayList();
    private final ObjectProperty<@Nullable TrainingSummary> summary = new SimpleObjectProperty<>();

    /** @param number counts from 1 in this window */
    public RunEntry(int number, String name, Path folder, SortedSet<Integer> layers, int of) {
        this.number = number;
        this.name = name;
        this.folder = folder;
        this.layers = layers;
        this.of = of;
    }

    /** Counts from 1 in this window. */
    public int number() {
        return number;
    }

    /** What it is called, as its folder is. */
    public String name() {
        return name;
    }

    /** The run folder, which exists once the training has begun to write. */
    public Path folder() {
        return folder;
    }

    /** The layers with adapters, 0-based. */
    public SortedSet<Integer> layers() {
        return layers;
    }

    /** How many layers the model has. */
    public int of() {
        return of;
    }

    public ReadOnlyObjectProperty<State> stateProperty() {
        return state;
    }

    /** Whether it waits or runs. */
    public boolean active() {
        return state.get() == State.QUEUED || state.get() == State.RUNNING;
    }

    /** Steps so far, in order. */
    public ObservableList<StepRecord> steps() {
        return steps;
    }

    /** Evaluations so far, in order; step 0 is before training. */
    public ObservableList<Evaluated> evaluations() {
        return evaluations;
    }

    /** What came of it, null while it runs or if it failed. */
    public ReadOnlyObjectProperty<@Nullable TrainingSummary> summaryProperty() {
        return summary;
    }

    /** It has begun. */
    public void start() {
        state.set(State.RUNNING);
    }

    /** Steps have been heard of. */
    public void add(List<StepRecord> heard) {
        start();
        steps.addAll(heard);
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
}
