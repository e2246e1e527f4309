package org.layerwise.cli.option;

import org.jspecify.annotations.Nullable;
import org.layerwise.remote.WorkerCount;
import org.layerwise.settings.RemoteOptions;
import picocli.CommandLine.Option;

/** Flags {@code --model-there} and {@code --fsdp}: the model on the cluster, and the distribution of its weights. */
public final class RemoteModelOptions {

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

    /** Returns a flag that is given; null if none is given. */
    @Nullable
    String given() {
        return model != null ? "--model-there" : fsdp ? "--fsdp" : null;
    }

    public RemoteOptions by(WorkerCount workers) {
        return new RemoteOptions(workers, model, fsdp);
    }
}
