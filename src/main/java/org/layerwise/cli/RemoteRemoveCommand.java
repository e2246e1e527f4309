package org.layerwise.cli;

import org.layerwise.remote.ClusterRegistry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Command {@code remote remove}: removes a cluster or queue from the list. */
@Command(
        name = "remove",
        customSynopsis = "layerwise remote remove NAME",
        description =
                "Forget a Ray cluster or a Slurm queue. What lies in its storage stays there, and what runs there goes on.")
final class RemoteRemoveCommand extends LayerwiseCommand {

    @Parameters(paramLabel = "NAME", description = "Which.")
    private String name = "";

    @Override
    void run() {
        new ClusterRegistry(context().folders().config()).remove(name);
        context().say("%s is forgotten.".formatted(name));
    }
}
