package org.layerwise.remote.ray;

/**
 * What a Ray cluster says of itself.
 *
 * @param api version of the Jobs API
 * @param ray such as {@code 2.60.0}
 */
public record RayVersion(int api, String ray) {}
