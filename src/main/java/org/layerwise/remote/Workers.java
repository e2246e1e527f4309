package org.layerwise.remote;

/**
 * How many workers a job has on Ray.
 *
 * @param gpu whether each has a GPU of its own
 */
public record Workers(int count, boolean gpu) {

    /** Whether there are GPUs: a Slurm queue says so itself. */
    public boolean gpuOn(Target target) {
        return target instanceof Target.Slurm slurm ? slurm.request().gpus() > 0 : gpu;
    }
}
