package org.layerwise.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Limits;
import org.layerwise.base.UserException;
import org.layerwise.study.BestMetric;
import org.layerwise.study.RunSettings;
import picocli.CommandLine.Option;

/** The flags of {@code train} that say what happens around the steps. A flag that was not given stays null. */
final class RunOptions {

    @Option(
            names = "--evaluate-every",
            paramLabel = "N",
            description = "Steps between evaluations on the validation rows. Default: once an epoch.")
    private @Nullable Integer evaluateEvery;

    @Option(
            names = "--keep-best",
            description = "Keep the adapter of the best evaluation rather than the last. Default: off.")
    private boolean keepBest;

    @Option(
            names = "--best-metric",
            paramLabel = "loss|NAME",
            description = "What is best, for --keep-best and --patience. Default: the task's own metric.")
    private @Nullable String bestMetric;

    @Option(
            names = "--patience",
            paramLabel = "N",
            description = "Stop after so many evaluations without a better one. Default: never.")
    private @Nullable Integer patience;

    @Option(
            names = "--checkpoint-every",
            paramLabel = "N",
            description = "Steps between checkpoints to resume from, 0 = none. Default: once an epoch.")
    private @Nullable Integer checkpointEvery;

    @Option(
            names = "--gradient-checkpointing",
            description = "Compute layers again for the backward pass, which takes less memory. Default: off.")
    private boolean gradientCheckpointing;

    @Option(
            names = "--prefix-cache",
            paramLabel = "MIB",
            description = "Memory for what the layers below the lowest adapter give, kept from epoch to epoch; a file"
                    + " beyond it; 0 = none. Default: 0.")
    private @Nullable Integer prefixCache;

    @Option(
            names = "--report-to",
            paramLabel = "none|tensorboard",
            description = "Write event files that TensorBoard reads, too. Default: none.")
    private @Nullable String reportTo;

    /** @throws UserException if a number is out of its range */
    void check() {
        Limits.atLeast("--evaluate-every", evaluateEvery, 1);
        Limits.atLeast("--patience", patience, 1);
        Limits.atLeast("--checkpoint-every", checkpointEvery, 0);
        Limits.atLeast("--prefix-cache", prefixCache, 0);
        RunSettings.tensorboard("--report-to", reportTo);
        BestMetric.requireKnown(bestMetric);
    }

    /** What the flags say, the rest by default. */
    RunSettings settings() {
        return new RunSettings(
                evaluateEvery,
                keepBest,
                bestMetric,
                patience,
                checkpointEvery,
                gradientCheckpointing,
                Objects.requireNonNullElse(prefixCache, RunSettings.USUAL.prefixCache()),
                RunSettings.tensorboard("--report-to", reportTo));
    }
}
