package org.layerwise.remote;

import java.io.IOException;
import org.layerwise.base.Progress;
import org.layerwise.remote.ray.RayNode;
import org.layerwise.remote.ssh.SshSetup;

/** Number of GPUs that a job can have on a cluster. */
public final class ClusterGpus {

    private ClusterGpus() {}

    /**
     * Returns the number of GPUs: for Slurm that of the queue's own request, for Ray that of all nodes at present.
     *
     * @return 0 if there are none
     * @throws org.layerwise.base.UserException if the cluster does not answer
     */
    public static int of(Cluster target, SshSetup setup, Progress progress) {
        if (target instanceof Cluster.Slurm slurm) {
            return slurm.request().nodes() * slurm.request().gpus();
        }
        try (ClusterConnection open = ClusterConnection.open(target, setup, progress)) {
            return (int) open.ray().nodes(progress).stream()
                    .filter(RayNode::alive)
                    .mapToDouble(RayNode::gpus)
                    .sum();
        } catch (IOException e) {
            throw ClusterUnreachable.of(target.name(), e);
        }
    }
}
