package org.layerwise.study;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import org.layerwise.training.Scheduler;
import org.layerwise.training.TaskKind;

/**
 * What is trained and how, as the flags of {@code train} say; null stands for the default that is found when the model and
 * the data are known.
 *
 * @param task null: from the checkpoint's architecture, otherwise from the labels
 * @param validation rows to evaluate on before, after every epoch and at the end; null: a sample task's own, otherwise none
 * @param test rows to evaluate on at the end; null for none
 * @param layers 0-based; null for all
 * @param targetModules ends of linear modules' names; null for the family's
 * @param rank r
 * @param dropout of the adapters' input
 * @param modelDropout the model's own, everywhere the same; null: as its config.json says
 * @param learningRate at its highest
 * @param warmupRatio share of the steps in which it rises; in force if {@code warmupSteps} is null
 * @param epochs passes over the data; in force if {@code steps} is null
 * @param accumulate batches a step
 * @param maxGradNorm 0 for no limit
 * @param seed of fresh weights, the order of rows and dropout
 * @param init what fresh adapters start as
 * @param initAdapter folder of a PEFT adapter to start from; it decides layers, targets, rank and alpha
 */
public record TrainingSettings(
        @Nullable TaskKind task,
        @Nullable String validation,
        @Nullable String test,
        @Nullable SortedSet<Integer> layers,
        @Nullable List<String> targetModules,
        int rank,
        double alpha,
        double dropout,
        @Nullable Double modelDropout,
        double learningRate,
        Scheduler scheduler,
        @Nullable Double warmupRatio,
        @Nullable Integer warmupSteps,
        double weightDecay,
        double epochs,
        @Nullable Integer steps,
        int accumulate,
        double maxGradNorm,
        long seed,
        AdapterInit init,
        @Nullable Path initAdapter) {

    /** What is done when nothing is said. */
    public static TrainingSettings defaults() {
        return new TrainingSettings(
                null,
                null,
                null,
                null,
                null,
                8,
                16,
                0,
                null,
                1e-3,
                Scheduler.LINEAR,
                0.06,
                null,
                0,
                1,
                null,
                1,
                1,
                42,
                AdapterInit.LORA,
                null);
    }

    /** The same on other layers. */
    public TrainingSettings withLayers(@Nullable SortedSet<Integer> selected) {
        return new TrainingSettings(
                task,
                validation,
                test,
                selected,
                targetModules,
                rank,
                alpha,
                dropout,
                modelDropout,
                learningRate,
                scheduler,
                warmupRatio,
                warmupSteps,
                weightDecay,
                epochs,
                steps,
                accumulate,
                maxGradNorm,
                seed,
                init,
                initAdapter);
    }

    /** The number of optimiser steps, with so many in an epoch. */
    int totalSteps(int stepsPerEpoch) {
        return steps != null ? steps : (int) Math.max(1, Math.ceil(epochs * stepsPerEpoch));
    }

    /** The number of steps in which the learning rate rises, rounded up as HuggingFace's Trainer does. */
    int totalWarmup(int totalSteps) {
        if (warmupSteps != null) {
            return warmupSteps;
        }
        return warmupRatio == null ? 0 : (int) Math.ceil(warmupRatio * totalSteps);
    }
}
