package org.layerwise.cli.option;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Limits;
import org.layerwise.base.ShellWord;
import org.layerwise.base.UserException;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.cli.console.CommandContext;
import org.layerwise.cli.console.ConsoleQuestions;
import org.layerwise.remote.Cluster;
import org.layerwise.remote.ClusterRegistry;
import org.layerwise.remote.JobListener;
import org.layerwise.remote.WorkerCount;
import org.layerwise.remote.ssh.SshSetup;
import org.layerwise.settings.ModelSettings;
import org.layerwise.settings.RemoteOptions;
import org.layerwise.study.Workbench;
import org.layerwise.study.cluster.ClusterAccess;
import org.layerwise.study.cluster.ClusterExtraction;
import org.layerwise.study.cluster.ClusterTraining;
import org.layerwise.study.model.OpenModel;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Flags that send work to a cluster. */
public final class ClusterOptions {

    @Option(
            names = "--on",
            paramLabel = "NAME",
            order = 803,
            description = "Do it on this cluster or queue (layerwise remote list). Default: here.")
    private @Nullable String on;

    @Option(
            names = "--workers",
            paramLabel = "N",
            order = 804,
            description = "Workers on a Ray cluster; a Slurm queue has its own number. Default: 1.")
    private @Nullable Integer workers;

    @Option(
            names = "--gpu-workers",
            order = 805,
            description = "Give each worker on a Ray cluster a GPU. Default: off.")
    private boolean gpu;

    @Mixin
    private RemoteModelOptions there = new RemoteModelOptions();

    public boolean given() {
        String flag = gpu ? "--gpu-workers" : workers != null ? "--workers" : there.given();
        if (on == null && flag != null) {
            throw new UserException("%s is for work on a cluster; name it with --on.".formatted(flag));
        }
        return on != null;
    }

    /** Returns true if a cluster is named. */
    public boolean named() {
        return on != null;
    }

    /**
     * Checks that the named cluster is registered, before any data are read.
     *
     * @throws UserException if it is not registered, or a flag does not fit it
     */
    public void check(CommandContext context) {
        if (given()) {
            Cluster target = target(context, name());
            if (target instanceof Cluster.Slurm && (workers != null || gpu)) {
                throw new UserException(
                        "%s is for Ray clusters; the queue %s has nodes and GPUs of its own (layerwise remote list)."
                                .formatted(workers != null ? "--workers" : "--gpu-workers", target.name()));
            }
        }
        how();
    }

    public String name() {
        return String.valueOf(on);
    }

    /**
     * Requires that no device is named for work that only a cluster does.
     *
     * @param compute values of {@link ModelSettings#VALUES}
     * @throws UserException if a device of this computer is named
     */
    public void requireNoDevice(SettingValues compute) {
        if (!compute.get(ModelSettings.DEVICE).equals("auto")) {
            throw new UserException(
                    "--device names what computes here, but %s does it; leave --device out. GPUs there are asked for with --gpu-workers, or with the queue's --gpus."
                            .formatted(name()));
        }
    }

    /** Returns training on the named cluster. */
    public ClusterTraining training(Workbench workbench) {
        return access(workbench).training(name());
    }

    /** Returns training on the cluster of a run. */
    public ClusterTraining training(Workbench workbench, Path run) {
        return access(workbench).trainingOf(run);
    }

    private static ClusterAccess access(Workbench workbench) {
        return new ClusterAccess(workbench, new ConsoleQuestions(null));
    }

    private static Cluster target(CommandContext context, String name) {
        return new ClusterRegistry(context.folders().config()).get(name);
    }

    /** Returns the extraction of representations on the named cluster. */
    public ClusterExtraction extraction(Workbench workbench, OpenModel model, JobListener listener) {
        return access(workbench).extraction(model, name(), how(), listener);
    }

    /**
     * Returns the workers, the cluster's model, and the distribution of its weights.
     *
     * @throws UserException if the number of workers is out of its range
     */
    public RemoteOptions how() {
        Limits.between("--workers", workers, 1, 4096);
        return there.by(new WorkerCount(workers == null ? 1 : workers, gpu));
    }

    /**
     * Returns the SSH setup of the user.
     *
     * @param trust fingerprint of an unknown host that is trusted; null to ask
     */
    public static SshSetup setup(CommandContext context, @Nullable String trust) {
        return SshSetup.ofUser(context.environment(), context.folders().config(), new ConsoleQuestions(trust));
    }

    /** Returns the message for people who stop following a run on a cluster. */
    public String goesOn(Path run) {
        return "the run goes on there; layerwise train --resume %s follows it again.".formatted(ShellWord.of(run));
    }
}
