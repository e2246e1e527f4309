package org.layerwise.remote.ray;

/**
 * Node of a cluster.
 *
 * @param alive true if it is running at present
 * @param memoryBytes memory that Ray gives to tasks, in bytes
 */
public record RayNode(String address, boolean alive, double cpus, double gpus, long memoryBytes) {}
