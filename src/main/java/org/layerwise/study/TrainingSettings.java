package org.layerwise.study;

import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import org.layerwise.training.TaskKind;

/**
 * How a model is trained, as far as it was said.
 *
 * @param task null: found from the checkpoint's architecture, otherwise from the labels
 * @param validation rows to evaluate on before, while it trains and at the end; null: a sample task's own, otherwise none
 * @param test rows to evaluate on at the end; null for none
 * @param seed of fresh weights, the order of rows and dropout
 */
public record TrainingSettings(
        @Nullable TaskKind task,
        @Nullable String validation,
        @Nullable String test,
        AdapterSettings adapter,
        OptimiserSettings optimiser,
        RunSettings run,
        long seed) {

    /** What is done when nothing is said. */
    public static TrainingSettings defaults() {
        return new TrainingSettings(
                null, null, null, AdapterSettings.USUAL, OptimiserSettings.USUAL, RunSettings.USUAL, 42);
    }

    /** Takes other layers, whose reason nobody said. */
    public TrainingSettings withLayers(@Nullable SortedSet<Integer> selected) {
        return withLayers(selected, null);
    }

    /**
     * Takes other layers, and all else from here.
     *
     * @param reason why these, in words that follow "They were chosen"; null where nobody said
     */
    public TrainingSettings withLayers(@Nullable SortedSet<Integer> selected, @Nullable String reason) {
        return with(adapter.withLayers(selected, reason));
    }

    /** The same with other adapters. */
    public TrainingSettings with(AdapterSettings other) {
        return new TrainingSettings(task, validation, test, other, optimiser, run, seed);
    }

    /** The same with another optimiser. */
    public TrainingSettings with(OptimiserSettings other) {
        return new TrainingSettings(task, validation, test, adapter, other, run, seed);
    }

    /** The same with other things around the steps. */
    public TrainingSettings with(RunSettings other) {
        return new TrainingSettings(task, validation, test, adapter, optimiser, other, seed);
    }

    /** The same with another seed. */
    public TrainingSettings withSeed(long other) {
        return new TrainingSettings(task, validation, test, adapter, optimiser, run, other);
    }

    /** The same on other held-out rows. */
    public TrainingSettings withHeldOut(@Nullable String validationRows, @Nullable String testRows) {
        return new TrainingSettings(task, validationRows, testRows, adapter, optimiser, run, seed);
    }

    /** The same for another task. */
    public TrainingSettings withTask(@Nullable TaskKind other) {
        return new TrainingSettings(other, validation, test, adapter, optimiser, run, seed);
    }
}
