package org.layerwise.remote;

/**
 * Number of workers of a job on Ray.
 *
 * @param gpu true if each worker has a GPU of its own
 */
public record WorkerCount(int count, boolean gpu) {

    /** Returns true if the job has GPUs; for a Slurm queue, its own request decides. */
    public boolean gpuOn(Cluster target) {
        return target instanceof Cluster.Slurm slurm ? slurm.request().gpus() > 0 : gpu;
    }
}
