package org.layerwise.cli;

import org.jspecify.annotations.Nullable;
import org.layerwise.remote.Workers;
import org.layerwise.study.Elsewhere;
import picocli.CommandLine.Option;

/** {@code --model-there} and {@code --fsdp}: with which model a job elsewhere is done, and how it lies in memory. */
final class ThereOptions {

    @Option(
            names = "--model-there",
            paramLabel = "MODEL",
            order = 806,
            description =
                    "Where the cluster finds the model: a folder there, or org/name of the hub. Default: as --model.")
    private @Nullable String model;

    @Option(
            names = "--fsdp",
            order = 807,
            description = "The workers share the weights out, for models larger than a card. Default: each has all.")
    private boolean fsdp;

    /** The flag that is given, or one of them. */
    @Nullable
    String given() {
        return model != null ? "--model-there" : fsdp ? "--fsdp" : null;
    }

    Elsewhere by(Workers workers) {
        return new Elsewhere(workers, model, fsdp);
    }
}
