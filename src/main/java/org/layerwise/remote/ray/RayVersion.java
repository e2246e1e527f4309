package org.layerwise.remote.ray;

/**
 * Versions that a Ray cluster reports.
 *
 * @param api version of the Jobs API
 * @param ray version of Ray, such as {@code 2.60.0}
 */
public record RayVersion(int api, String ray) {}
