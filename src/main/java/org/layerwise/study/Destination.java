package org.layerwise.study;

/**
 * Where work is sent to.
 *
 * @param place the name of a cluster
 * @param how it is done there
 */
public record Destination(String place, Elsewhere how) {}
