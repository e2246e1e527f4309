package org.layerwise.cli;

import java.nio.file.Path;
import org.layerwise.cli.option.ClusterOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Command {@code remote log}: prints the output of a run's job. */
@Command(
        name = "log",
        customSynopsis = "layerwise remote log RUN",
        description = "Print what the job of a run has printed on its cluster.")
final class RemoteLogCommand extends LayerwiseCommand {

    @Parameters(paramLabel = "RUN", description = "The run's folder here.")
    private Path run = Path.of("");

    @Override
    void run() {
        context().run("Log", (workbench, progress) -> {
            String log = new ClusterOptions().training(workbench, run).log(run, progress);
            progress.close();
            log.lines().forEach(context()::say);
        });
    }
}
