package org.layerwise.remote.ray;

/**
 * Node of a cluster.
 *
 * @param alive true if it is running at present
 */
public record RayNode(boolean alive, double cpus, double gpus) {}
