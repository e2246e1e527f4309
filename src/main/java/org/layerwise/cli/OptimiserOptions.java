package org.layerwise.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Limits;
import org.layerwise.base.UserException;
import org.layerwise.study.OptimiserSettings;
import org.layerwise.training.Scheduler;
import picocli.CommandLine.Option;

/** The flags of {@code train} that say how the weights go from step to step. A flag that was not given stays null. */
final class OptimiserOptions {

    private static final String CONFIG = "config";

    @Option(
            names = "--model-dropout",
            paramLabel = "config|P",
            description =
                    "The model's own dropout while training: as its config.json says, or a probability. Default: config.")
    private @Nullable String modelDropout;

    @Option(names = "--lr", paramLabel = "X", description = "Peak learning rate. Default: 0.001.")
    private @Nullable Double learningRate;

    @Option(
            names = "--lora-plus-ratio",
            paramLabel = "X",
            description = "What the learning rate of the adapters' B is multiplied with (LoRA+). Default: 1.")
    private @Nullable Double loraPlusRatio;

    @Option(
            names = "--scheduler",
            paramLabel = "NAME",
            description = "How the learning rate changes: linear, cosine, constant, constant_with_warmup, polynomial,"
                    + " cosine_with_restarts or inverse_sqrt. Default: linear.")
    private @Nullable Scheduler scheduler;

    @Option(names = "--scheduler-cycles", paramLabel = "N", description = "Cycles of cosine_with_restarts. Default: 1.")
    private @Nullable Integer cycles;

    @Option(names = "--scheduler-power", paramLabel = "P", description = "Power of polynomial. Default: 1.")
    private @Nullable Double power;

    @Option(
            names = "--scheduler-end",
            paramLabel = "X",
            description = "Learning rate that polynomial falls to. Default: 1e-7.")
    private @Nullable Double end;

    @Option(
            names = "--warmup-ratio",
            paramLabel = "W",
            description = "Share of the steps in which the learning rate rises. Default: 0.06.")
    private @Nullable Double warmupRatio;

    @Option(names = "--warmup-steps", paramLabel = "N", description = "Instead of a share: a number of steps.")
    private @Nullable Integer warmupSteps;

    @Option(names = "--weight-decay", paramLabel = "W", description = "Weight decay of AdamW. Default: 0.")
    private @Nullable Double weightDecay;

    @Option(names = "--epochs", paramLabel = "N", description = "Passes over the data. Default: 1.")
    private @Nullable Double epochs;

    @Option(names = "--steps", paramLabel = "N", description = "Instead of epochs: a number of optimiser steps.")
    private @Nullable Integer steps;

    @Option(
            names = "--accumulate",
            paramLabel = "N",
            description =
                    "Batches a step. Without dropout, --batch 4 --accumulate 4 is the same step as --batch 16; with"
                            + " --dropout or --model-dropout other values are dropped. Default: 1.")
    private @Nullable Integer accumulate;

    @Option(
            names = "--group-by-length",
            description = "Put rows of like length into a batch, which saves padding. Default: off.")
    private boolean byLength;

    @Option(
            names = "--max-grad-norm",
            paramLabel = "G",
            description = "Longest gradient; longer ones are scaled down, 0 = off. Default: 1.")
    private @Nullable Double maxGradNorm;

    @Option(
            names = "--label-smoothing",
            paramLabel = "E",
            description = "Share of the loss that is spread evenly over all classes or tokens. Default: 0.")
    private @Nullable Double labelSmoothing;

    /** @throws UserException if a number is out of its range */
    void check() {
        modelDropout();
        Limits.aboveZeroWithinReason("--lr", learningRate);
        Limits.aboveZeroWithinReason("--lora-plus-ratio", loraPlusRatio);
        Limits.atLeast("--scheduler-cycles", cycles, 1);
        Limits.aboveZero("--scheduler-power", power);
        Limits.atLeastZero("--scheduler-end", end);
        Limits.fraction("--warmup-ratio", warmupRatio);
        Limits.atLeast("--warmup-steps", warmupSteps, 0);
        Limits.atLeastZero("--weight-decay", weightDecay);
        Limits.aboveZero("--epochs", epochs);
        Limits.atLeast("--steps", steps, 1);
        Limits.atLeast("--accumulate", accumulate, 1);
        Limits.atLeastZero("--max-grad-norm", maxGradNorm);
        Limits.dropout("--label-smoothing", labelSmoothing);
    }

    /** What the flags say, the rest by default. */
    OptimiserSettings settings() {
        OptimiserSettings usual = OptimiserSettings.USUAL;
        return new OptimiserSettings(
                Objects.requireNonNullElse(learningRate, usual.learningRate()),
                loraPlusRatio,
                Objects.requireNonNullElse(scheduler, usual.scheduler()),
                new Scheduler.Shape(
                        Objects.requireNonNullElse(cycles, usual.shape().cycles()),
                        Objects.requireNonNullElse(power, usual.shape().power()),
                        Objects.requireNonNullElse(end, usual.shape().end())),
                warmupSteps == null && warmupRatio == null ? usual.warmupRatio() : warmupRatio,
                warmupSteps,
                Objects.requireNonNullElse(weightDecay, usual.weightDecay()),
                Objects.requireNonNullElse(epochs, usual.epochs()),
                steps,
                Objects.requireNonNullElse(accumulate, usual.accumulate()),
                byLength,
                Objects.requireNonNullElse(maxGradNorm, usual.maxGradNorm()),
                Objects.requireNonNullElse(labelSmoothing, usual.labelSmoothing()),
                modelDropout());
    }

    private @Nullable Double modelDropout() {
        if (modelDropout == null || modelDropout.equals(CONFIG)) {
            return null;
        }
        try {
            Double value = Double.valueOf(modelDropout);
            Limits.dropout("--model-dropout", value);
            return value;
        } catch (NumberFormatException e) {
            throw new UserException(
                    "--model-dropout must be \"config\" or a number at least 0 and below 1, but is \"%s\"."
                            .formatted(modelDropout),
                    e);
        }
    }
}
