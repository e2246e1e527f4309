package org.layerwise.cli;

import java.nio.file.Path;
import org.layerwise.cli.option.ClusterOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Command {@code remote delete}: deletes the files of a run on a cluster. */
@Command(
        name = "delete",
        customSynopsis = "layerwise remote delete RUN",
        description =
                "Delete what lies on a cluster of a run that has ended: its rows, its checkpoint, what it printed. The run here stays.")
final class RemoteDeleteCommand extends LayerwiseCommand {

    @Parameters(paramLabel = "RUN", description = "The run's folder here.")
    private Path run = Path.of("");

    @Option(names = "--unfetched", description = "Delete results, too, that were not fetched. Default: off.")
    private boolean unfetched;

    @Override
    void run() {
        context().run("Delete", (workbench, progress) -> {
            new ClusterOptions().training(workbench, run).delete(run, unfetched, progress);
            progress.close();
            context().say("Deleted there; %s has all of the run that is left.".formatted(run));
        });
    }
}
