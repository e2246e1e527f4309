package org.layerwise.gui.training;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.study.DataSettings;
import org.layerwise.study.OptimiserSettings;
import org.layerwise.training.Scheduler;

/** The fields that say how the weights go from step to step. */
public final class OptimiserFields {

    private static final OptimiserSettings USUAL = OptimiserSettings.USUAL;

    private final Field<Double> rate = Field.line("rate", USUAL.learningRate(), x -> x > 0, FieldWords.real());
    private final Field<@Nullable Double> ratio = Field.line(
            "lora-plus",
            USUAL.loraPlusRatio(),
            (@Nullable Double x) -> x == null || x > 0,
            FieldWords.orNothing(FieldWords.real()));
    private final Field<Scheduler> scheduler = Field.choice("scheduler", USUAL.scheduler());
    private final Field<Integer> cycles = Field.line("cycles", USUAL.shape().cycles(), n -> n >= 1, FieldWords.whole())
            .shownWhile(scheduler.valueProperty().map(chosen -> chosen.id().equals("cosine_with_restarts")));
    private final Field<Double> power = Field.line("power", USUAL.shape().power(), p -> p > 0, FieldWords.real())
            .shownWhile(scheduler.valueProperty().map(chosen -> chosen.id().equals("polynomial")));
    private final Field<Double> end = Field.line("end", USUAL.shape().end(), x -> x >= 0, FieldWords.real())
            .shownWhile(scheduler.valueProperty().map(chosen -> chosen.id().equals("polynomial")));
    private final Field<@Nullable Integer> warmupSteps = Field.line(
            "warmup-steps",
            USUAL.warmupSteps(),
            (@Nullable Integer n) -> n == null || n >= 0,
            FieldWords.orNothing(FieldWords.whole()));
    private final Field<@Nullable Double> warmupRatio = Field.line(
                    "warmup",
                    USUAL.warmupRatio(),
                    (@Nullable Double w) -> w == null || w >= 0 && w <= 1,
                    FieldWords.orNothing(FieldWords.real()))
            .shownWhile(warmupSteps.valueProperty().map(steps -> false).orElse(true));
    private final Field<Double> decay = Field.line("decay", USUAL.weightDecay(), w -> w >= 0, FieldWords.real());
    private final Field<@Nullable Integer> steps = Field.line(
            "steps",
            USUAL.steps(),
            (@Nullable Integer n) -> n == null || n >= 1,
            FieldWords.orNothing(FieldWords.whole()));
    private final Field<Double> epochs = Field.line("epochs", USUAL.epochs(), n -> n > 0, FieldWords.real())
            .shownWhile(steps.valueProperty().map(number -> false).orElse(true));
    private final Field<Integer> batch =
            Field.line("batch", DataSettings.DEFAULT_BATCH, n -> n >= 1, FieldWords.whole());
    private final Field<Integer> accumulate =
            Field.line("accumulate", USUAL.accumulate(), n -> n >= 1, FieldWords.whole());
    private final Field<Boolean> byLength = Field.flag("by-length", USUAL.byLength());
    private final Field<Double> clip = Field.line("clip", USUAL.maxGradNorm(), g -> g >= 0, FieldWords.real());
    private final Field<Double> smoothing =
            Field.line("smoothing", USUAL.labelSmoothing(), e -> e >= 0 && e < 1, FieldWords.real());
    private final Field<@Nullable Double> modelDropout = Field.line(
            "model-dropout",
            USUAL.modelDropout(),
            (@Nullable Double p) -> p == null || p >= 0 && p < 1,
            FieldWords.orNothing(FieldWords.real()));

    /** At its highest. */
    public Field<Double> rate() {
        return rate;
    }

    public Field<Double> epochs() {
        return epochs;
    }

    /** Instead of epochs; null for as many as they have. */
    public Field<@Nullable Integer> steps() {
        return steps;
    }

    public Field<Scheduler> scheduler() {
        return scheduler;
    }

    /** Rows a batch. */
    public Field<Integer> batch() {
        return batch;
    }

    /** Batches a step. */
    public Field<Integer> accumulate() {
        return accumulate;
    }

    Group group() {
        return new Group(
                "optimiser",
                List.of(rate, scheduler, cycles, power, end, warmupRatio, epochs, batch, accumulate),
                List.of(steps, warmupSteps, ratio, decay, clip, smoothing, modelDropout, byLength));
    }

    /** Optimiser steps that so many rows take. */
    long steps(int rows) {
        Integer said = steps.get();
        if (said != null) {
            return said;
        }
        long rowsAStep = (long) batch.get() * accumulate.get();
        return (long) Math.max(1, Math.ceil(epochs.get() * Math.max(1, Math.ceil((double) rows / rowsAStep))));
    }

    void fill(OptimiserSettings settings, int rowsABatch) {
        rate.set(settings.learningRate());
        ratio.set(settings.loraPlusRatio());
        scheduler.set(settings.scheduler());
        cycles.set(settings.shape().cycles());
        power.set(settings.shape().power());
        end.set(settings.shape().end());
        warmupRatio.set(settings.warmupRatio());
        warmupSteps.set(settings.warmupSteps());
        decay.set(settings.weightDecay());
        epochs.set(settings.epochs());
        steps.set(settings.steps());
        batch.set(rowsABatch);
        accumulate.set(settings.accumulate());
        byLength.set(settings.byLength());
        clip.set(settings.maxGradNorm());
        smoothing.set(settings.labelSmoothing());
        modelDropout.set(settings.modelDropout());
    }

    OptimiserSettings settings() {
        return new OptimiserSettings(
                rate.get(),
                ratio.get(),
                scheduler.get(),
                new Scheduler.Shape(cycles.get(), power.get(), end.get()),
                warmupRatio.get(),
                warmupSteps.get(),
                decay.get(),
                epochs.get(),
                steps.get(),
                accumulate.get(),
                byLength.get(),
                clip.get(),
                smoothing.get(),
                modelDropout.get());
    }
}
