package org.layerwise.cli;

import java.nio.file.Path;
import org.layerwise.base.ShellWord;
import org.layerwise.cli.option.ClusterOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Command {@code remote stop}: asks a run on a cluster to stop. */
@Command(
        name = "stop",
        customSynopsis = "layerwise remote stop RUN",
        description =
                "Ask a run on a cluster to stop after the step in hand and to keep adapter and checkpoint; one that waits is ended.")
final class RemoteStopCommand extends LayerwiseCommand {

    @Parameters(paramLabel = "RUN", description = "The run's folder here.")
    private Path run = Path.of("");

    @Override
    void run() {
        context().run("Stop", (workbench, progress) -> {
            new ClusterOptions().training(workbench, run).stop(run, progress);
            progress.close();
            context()
                    .say("Asked to stop; layerwise train --resume %s fetches what it has."
                            .formatted(ShellWord.of(run)));
        });
    }
}
