package org.layerwise.gui.engine;

import org.layerwise.study.Elsewhere;

/**
 * Where work is sent to.
 *
 * @param place the name of a cluster
 * @param how it is done there
 */
public record Destination(String place, Elsewhere how) {}
