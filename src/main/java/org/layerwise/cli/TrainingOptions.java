package org.layerwise.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Limits;
import org.layerwise.base.UserException;
import org.layerwise.selection.LayerList;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.ReferenceFiles;
import org.layerwise.selection.SelectionFile;
import org.layerwise.study.AdapterInit;
import org.layerwise.study.TrainingSettings;
import org.layerwise.training.Scheduler;
import org.layerwise.training.TaskKind;
import picocli.CommandLine.Option;

/** The flags of {@code train} that say what is trained and how. A flag that was not given stays null. */
final class TrainingOptions {

    private static final String CONFIG = "config";

    @Option(
            names = "--task",
            paramLabel = "classification|regression|causal-lm",
            description = "What is learnt. Default: from the checkpoint's architectures, else from the label's type.")
    private @Nullable TaskKind task;

    @Option(
            names = "--validation",
            paramLabel = "FILE",
            description =
                    "Rows to evaluate on before and after. Default: a sample task's own validation rows, else none.")
    private @Nullable String validation;

    @Option(names = "--test", paramLabel = "FILE", description = "Rows to evaluate on at the very end. Default: none.")
    private @Nullable String test;

    @Option(
            names = "--selection",
            paramLabel = "FILE",
            description = "Layers to train: what select wrote, or a one-hot .txt of analyze. Default: all layers.")
    private @Nullable Path selection;

    @Option(
            names = "--layers",
            paramLabel = "1,3,5",
            description = "Instead of a selection: layers to train, 0-based; ranges as 4-7. Default: all layers.")
    private @Nullable String layers;

    @Option(
            names = "--target-modules",
            paramLabel = "NAME[,NAME...]",
            split = ",",
            hideParamSyntax = true,
            description = "Linear layers that get adapters, by the end of their names. Default: all linear layers of"
                    + " attention and feed-forward.")
    private @Nullable List<String> targetModules;

    @Option(names = "--r", paramLabel = "N", description = "Rank of the adapters. Default: 8.")
    private @Nullable Integer rank;

    @Option(names = "--alpha", paramLabel = "A", description = "Scale of the adapters, as alpha / r. Default: 16.")
    private @Nullable Double alpha;

    @Option(
            names = "--dropout",
            paramLabel = "P",
            description = "Dropout on the input of the adapters, at least 0 and below 1. Default: 0.")
    private @Nullable Double dropout;

    @Option(
            names = "--model-dropout",
            paramLabel = "config|P",
            description =
                    "The model's own dropout while training: as its config.json says, or a probability. Default: config.")
    private @Nullable String modelDropout;

    @Option(names = "--lr", paramLabel = "X", description = "Peak learning rate. Default: 0.001.")
    private @Nullable Double learningRate;

    @Option(
            names = "--scheduler",
            paramLabel = "constant|constant_with_warmup|linear|cosine",
            description = "How the learning rate changes. Default: linear.")
    private @Nullable Scheduler scheduler;

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

    @Option(names = "--accumulate", paramLabel = "N", description = "Batches a step. Default: 1.")
    private @Nullable Integer accumulate;

    @Option(
            names = "--max-grad-norm",
            paramLabel = "G",
            description = "Longest gradient; longer ones are scaled down, 0 = off. Default: 1.")
    private @Nullable Double maxGradNorm;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of initialisation, order and dropout. Default: 42.")
    private @Nullable Long seed;

    @Option(
            names = "--init",
            paramLabel = "lora|pissa",
            description =
                    "What fresh adapters start as: lora leaves the model as it is, pissa takes the principal part out"
                            + " of its weights. Default: lora.")
    private @Nullable AdapterInit init;

    @Option(
            names = "--init-adapter",
            paramLabel = "DIR",
            description = "Adapter to start from. It brings its layers, target modules, rank and alpha; a flag that"
                    + " contradicts it is an error. Default: none.")
    private @Nullable Path initAdapter;

    /** @throws UserException if a number is out of its range */
    void check() {
        Limits.atLeast("--r", rank, 1);
        Limits.aboveZero("--alpha", alpha);
        Limits.dropout("--dropout", dropout);
        modelDropout();
        Limits.aboveZero("--lr", learningRate);
        Limits.fraction("--warmup-ratio", warmupRatio);
        Limits.atLeast("--warmup-steps", warmupSteps, 0);
        Limits.atLeastZero("--weight-decay", weightDecay);
        Limits.aboveZero("--epochs", epochs);
        Limits.atLeast("--steps", steps, 1);
        Limits.atLeast("--accumulate", accumulate, 1);
        Limits.atLeastZero("--max-grad-norm", maxGradNorm);
        if (targetModules != null && targetModules.stream().anyMatch(String::isBlank)) {
            throw new UserException("--target-modules has an empty name; write NAME or NAME,NAME.");
        }
    }

    /**
     * What the flags say, the rest by default.
     *
     * @param modelLayers M, the model's number of layers
     * @throws UserException if layers do not fit the model, or a flag contradicts the initial adapter
     */
    TrainingSettings settings(int modelLayers) {
        TrainingSettings usual = TrainingSettings.defaults();
        AdapterChoice choice = new AdapterChoice(layers(modelLayers), targetModules, rank, alpha);
        if (initAdapter != null) {
            choice = InitialAdapter.read(initAdapter).complete(choice);
        }
        return new TrainingSettings(
                task,
                validation,
                test,
                choice.layers(),
                choice.targetModules(),
                or(choice.rank(), usual.rank()),
                or(choice.alpha(), usual.alpha()),
                or(dropout, usual.dropout()),
                modelDropout(),
                or(learningRate, usual.learningRate()),
                or(scheduler, usual.scheduler()),
                warmupSteps == null && warmupRatio == null ? usual.warmupRatio() : warmupRatio,
                warmupSteps,
                or(weightDecay, usual.weightDecay()),
                or(epochs, usual.epochs()),
                steps,
                or(accumulate, usual.accumulate()),
                or(maxGradNorm, usual.maxGradNorm()),
                or(seed, usual.seed()),
                init(),
                initAdapter);
    }

    /** What fresh adapters start as. */
    AdapterInit init() {
        return or(init, TrainingSettings.defaults().init());
    }

    private @Nullable SortedSet<Integer> layers(int modelLayers) {
        if (layers != null) {
            SortedSet<Integer> named = LayerList.parse(layers, modelLayers);
            if (named.isEmpty()) {
                throw new UserException("--layers names no layer; write numbers and ranges, like 1,3,5-7.");
            }
            return named;
        }
        if (selection == null) {
            return null;
        }
        LayerSelection saved = selection.toString().endsWith(".txt")
                ? ReferenceFiles.readOneHot(selection)
                : SelectionFile.read(selection).selection();
        if (saved.of() != modelLayers) {
            throw new UserException(
                    "%s selects from %d layers, but the model has %d; take a selection that was made for it."
                            .formatted(selection, saved.of(), modelLayers));
        }
        if (saved.layers().isEmpty()) {
            throw new UserException("%s selects no layer; make a selection with at least one.".formatted(selection));
        }
        return saved.layers();
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

    private static <T> T or(@Nullable T given, T usual) {
        return given == null ? usual : given;
    }
}
