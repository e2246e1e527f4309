package org.layerwise.cli;

import org.jspecify.annotations.Nullable;
import org.layerwise.base.PlainText;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.cli.console.CommandContext;
import org.layerwise.cli.option.ClusterOptions;
import org.layerwise.remote.Cluster;
import org.layerwise.remote.ClusterCheck;
import org.layerwise.remote.ClusterRegistry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Command {@code remote check}: checks that jobs can run on a cluster. */
@Command(
        name = "check",
        customSynopsis = "layerwise remote check NAME [OPTIONS]",
        description =
                "Go the way that a job goes: connection, Ray or Slurm, storage, Python and its packages, GPUs. What is wrong is"
                        + " told with a way out; the exit code is 0 if jobs can run there.")
final class RemoteCheckCommand extends LayerwiseCommand {

    @Parameters(paramLabel = "NAME", description = "Which.")
    private String name = "";

    @Option(
            names = "--trust",
            paramLabel = "FINGERPRINT",
            description =
                    "Trust a computer that was never seen before if its key has this fingerprint (SHA256:...). Default: ask, where there is somebody to ask.")
    private @Nullable String trust;

    @Override
    void run() {
        Cluster target = new ClusterRegistry(context().folders().config()).get(name);
        ClusterCheck check = new ClusterCheck(ClusterOptions.setup(context(), trust), finding -> {
            DoctorCommand.lines(finding).forEach(context()::say);
            context().console().out().flush(); // shows the result while the next step is running
        });
        if (!check.run(target, new Remarks(context()))) {
            throw new UserException(
                    "Jobs cannot run on %s yet; the lines above that begin with \"wrong\" say why.".formatted(name));
        }
    }

    /** Prints each message once, without a bar, since the length of the check is unknown. */
    private static final class Remarks implements Progress {

        private final CommandContext context;
        private String last = "";

        Remarks(CommandContext context) {
            this.context = context;
        }

        @Override
        public void report(double fraction, String message) {
            String line = PlainText.line(message);
            if (!line.equals(last)) {
                last = line;
                context.console().err().println(line);
            }
        }

        @Override
        public boolean cancelled() {
            return context.cancellation().requested();
        }
    }
}
