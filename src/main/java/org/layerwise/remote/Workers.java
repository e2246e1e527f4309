package org.layerwise.remote;

/**
 * How many workers a job has on Ray.
 *
 * @param gpu whether each has a GPU of its own
 */
public record Workers(int count, boolean gpu) {}
