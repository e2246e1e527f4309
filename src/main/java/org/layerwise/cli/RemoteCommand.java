package org.layerwise.cli;

import org.layerwise.base.UserException;
import picocli.CommandLine.Command;

/** Command {@code remote}: manages the clusters and queues to which work can be sent. */
@Command(
        name = "remote",
        customSynopsis = "layerwise remote add|list|check|remove|log|stop|delete [OPTIONS]",
        description =
                "The Ray clusters and Slurm queues that work can be sent to: add one, list them, check one, remove one; and the runs that are there: log, stop and delete.",
        subcommands = {
            RemoteAddCommand.class,
            RemoteListCommand.class,
            RemoteCheckCommand.class,
            RemoteRemoveCommand.class,
            RemoteLogCommand.class,
            RemoteStopCommand.class,
            RemoteDeleteCommand.class
        },
        footer = {"", "layerwise remote add --help tells all flags of a command."})
final class RemoteCommand extends LayerwiseCommand {

    @Override
    void run() {
        throw new UserException(
                "remote wants one of add, list, check, remove, log, stop and delete; see layerwise remote --help.");
    }
}
