package org.layerwise.gui;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.layerwise.remote.Cluster;
import org.layerwise.remote.StorageFolder;
import org.layerwise.remote.slurm.SlurmRequest;
import org.layerwise.remote.ssh.SshAddress;
import org.layerwise.testing.PlainSsh;

/** Clusters that can be registered but are not there. */
public final class SampleClusters {

    private SampleClusters() {}

    /** Returns a Ray cluster with a shared folder. */
    public static Cluster.Ray ray(String name) {
        return new Cluster.Ray(
                name,
                URI.create("http://head:8265"),
                new StorageFolder("/mnt/lab/me", Optional.of(Path.of("/mnt/lab/me"))),
                Optional.empty(),
                "python");
    }

    /** Returns a Slurm cluster with all options. */
    public static Cluster.Slurm slurm(String name) {
        return new Cluster.Slurm(
                name,
                PlainSsh.to(SshAddress.of("host", "me@login")),
                new StorageFolder("/scratch/me/layerwise", Optional.empty()),
                "python3",
                new SlurmRequest(
                        Optional.of("gpu"),
                        Optional.empty(),
                        Optional.of("2:00:00"),
                        2,
                        4,
                        List.of("module load cuda")));
    }
}
