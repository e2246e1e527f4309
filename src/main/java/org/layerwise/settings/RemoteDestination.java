package org.layerwise.settings;

/**
 * Cluster that a job is sent to, with the options of the job.
 *
 * @param place name of the cluster
 * @param how options of a job on the cluster
 */
public record RemoteDestination(String place, RemoteOptions how) {}
