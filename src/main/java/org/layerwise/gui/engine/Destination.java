package org.layerwise.gui.engine;

import org.layerwise.remote.Workers;

/**
 * Where work is sent to.
 *
 * @param place the name of a cluster
 * @param workers on Ray; a Slurm queue has its own number
 */
public record Destination(String place, Workers workers) {}
