package org.layerwise.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.cli.option.ExclusiveOptions;
import org.layerwise.remote.Cluster;
import org.layerwise.remote.ClusterRegistry;
import org.layerwise.remote.ClusterRules;
import org.layerwise.remote.StorageFolder;
import org.layerwise.remote.slurm.SlurmRequest;
import org.layerwise.remote.ssh.SshAccess;
import org.layerwise.remote.ssh.SshAddress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Command {@code remote add}: registers a cluster. */
@Command(
        name = "add",
        customSynopsis = {
            "layerwise remote add NAME --ray URL --storage DIR [--storage-here DIR | --ssh HOST] [OPTIONS]",
            "layerwise remote add NAME --slurm --ssh HOST --storage DIR [OPTIONS]"
        },
        description =
                "Add a Ray cluster or a Slurm queue. Nothing is asked of it; layerwise remote check NAME does that.")
final class RemoteAddCommand extends LayerwiseCommand {

    @Parameters(paramLabel = "NAME", description = "What to call it: letters, digits, dots, hyphens and underscores.")
    private String name = "";

    @Option(
            names = "--ray",
            paramLabel = "URL",
            description =
                    "A Ray cluster: the address of its dashboard, such as http://head:8265, as this computer sees it or, with"
                            + " --ssh, as the SSH host sees it. Default: none.")
    private @Nullable String ray;

    @Option(names = "--slurm", description = "A Slurm queue, which is spoken to on the SSH host. Default: off.")
    private boolean slurm;

    @Option(
            names = "--ssh",
            paramLabel = "HOST",
            description = "The computer to go through: HOST, USER@HOST:PORT or a name of ~/.ssh/config. Default: none.")
    private @Nullable String ssh;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "The private key for it. Default: those of the agent and of ~/.ssh.")
    private @Nullable Path key;

    @Option(
            names = "--jump",
            paramLabel = "HOST",
            description = "A computer on the way to it. Default: what ~/.ssh/config says.")
    private @Nullable String jump;

    @Option(
            names = "--storage",
            paramLabel = "DIR",
            required = true,
            description = "The folder for jobs, as all workers see it.")
    private String storage = "";

    @Option(
            names = "--storage-here",
            paramLabel = "DIR",
            description = "The same folder as this computer sees it, if it is shared. Default: none, files go by SSH.")
    private @Nullable Path storageHere;

    @Option(
            names = "--python",
            paramLabel = "PROGRAM",
            description =
                    "The Python there that has torch, transformers and peft. Default: python for Ray, python3 for Slurm.")
    private @Nullable String python;

    @Option(names = "--partition", paramLabel = "NAME", description = "Slurm's partition. Default: its standard one.")
    private @Nullable String partition;

    @Option(names = "--account", paramLabel = "NAME", description = "Slurm's account. Default: the user's own.")
    private @Nullable String account;

    @Option(
            names = "--time",
            paramLabel = "LIMIT",
            description = "Time limit of a Slurm job: minutes, H:M:S or D-H. Default: the partition's.")
    private @Nullable String time;

    @Option(names = "--nodes", paramLabel = "N", description = "Nodes of a Slurm job. Default: 1.")
    private @Nullable Integer nodes;

    @Option(names = "--gpus", paramLabel = "N", description = "GPUs on each node of a Slurm job. Default: 0.")
    private @Nullable Integer gpus;

    @Option(
            names = "--setup",
            paramLabel = "LINE",
            description =
                    "A line of shell before a Slurm job, such as \"module load cuda\", or what else is asked of the queue, such as \"#SBATCH"
                            + " --mem=64G\"; may be given several times. Default: none.")
    private List<String> setup = List.of();

    @Option(names = "--replace", description = "Replace the target of that name. Default: off.")
    private boolean replace;

    @Override
    List<ExclusiveOptions> rivals() {
        return List.of(ExclusiveOptions.of("--ray", "--slurm"));
    }

    @Override
    void run() {
        Cluster target = target();
        new ClusterRegistry(context().folders().config()).add(target, replace);
        context().say("%s is added; layerwise remote check %s looks whether it works.".formatted(name, name));
    }

    private Cluster target() {
        StorageFolder folder = new StorageFolder(storage, Optional.ofNullable(storageHere));
        Optional<SshAccess> access = access();
        if (ray != null) {
            refuse(partition, "--partition");
            refuse(account, "--account");
            refuse(time, "--time");
            refuse(nodes, "--nodes");
            refuse(gpus, "--gpus");
            refuse(setup.isEmpty() ? null : setup, "--setup");
            return new Cluster.Ray(
                    name, ClusterRules.dashboard(ray), folder, access, python == null ? "python" : python);
        }
        if (!slurm) {
            throw new UserException("Say what %s is: --ray URL or --slurm.".formatted(name));
        }
        return new Cluster.Slurm(
                name,
                access.orElseThrow(
                        () -> new UserException(
                                "A Slurm queue is spoken to by SSH; name the computer on which jobs are handed in, with --ssh.")),
                folder,
                python == null ? "python3" : python,
                new SlurmRequest(
                        Optional.ofNullable(partition),
                        Optional.ofNullable(account),
                        Optional.ofNullable(time),
                        nodes == null ? 1 : nodes,
                        gpus == null ? 0 : gpus,
                        setup));
    }

    private void refuse(@Nullable Object value, String flag) {
        if (value != null) {
            throw new UserException("%s is for Slurm, and %s is a Ray cluster; leave it out.".formatted(flag, name));
        }
    }

    private Optional<SshAccess> access() {
        if (ssh == null) {
            if (key != null || jump != null) {
                throw new UserException(
                        "%s belongs to an SSH host; name it with --ssh.".formatted(key == null ? "--jump" : "--key"));
            }
            return Optional.empty();
        }
        if (key != null && !Files.isRegularFile(key)) {
            throw new UserException("There is no key file %s; name another, or leave --key out.".formatted(key));
        }
        return Optional.of(new SshAccess(
                SshAddress.of("--ssh", ssh),
                Optional.ofNullable(key).map(file -> file.toAbsolutePath().normalize()),
                Optional.ofNullable(jump).map(text -> SshAddress.of("--jump", text))));
    }
}
