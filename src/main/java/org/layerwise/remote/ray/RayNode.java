package org.layerwise.remote.ray;

/**
 * A computer of a cluster.
 *
 * @param alive whether it takes part now
 * @param memoryBytes that Ray gives to tasks
 */
public record RayNode(String address, boolean alive, double cpus, double gpus, long memoryBytes) {}
