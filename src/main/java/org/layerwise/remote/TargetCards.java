package org.layerwise.remote;

import java.io.IOException;
import org.layerwise.base.Progress;
import org.layerwise.remote.ray.RayNode;
import org.layerwise.remote.ssh.SshSetup;

/** How many GPUs a job can have at a place. */
public final class TargetCards {

    private TargetCards() {}

    /**
     * Those of a queue's own request; those of all nodes that Ray has now.
     *
     * @return 0 if there are none
     * @throws org.layerwise.base.UserException if the place cannot be asked
     */
    public static int of(Target target, SshSetup setup, Progress progress) {
        if (target instanceof Target.Slurm slurm) {
            return slurm.request().nodes() * slurm.request().gpus();
        }
        try (OpenTarget open = OpenTarget.open(target, setup, progress)) {
            return (int) open.ray().nodes(progress).stream()
                    .filter(RayNode::alive)
                    .mapToDouble(RayNode::gpus)
                    .sum();
        } catch (IOException e) {
            throw NoAnswer.of(target.name(), e);
        }
    }
}
