package org.layerwise.model;

import java.util.Set;

/**
 * Head loaded from a checkpoint.
 *
 * @param fresh full names of the modules that the checkpoint lacks and that were initialised from a seed: they must be
 *     trained and saved, otherwise the model could not be rebuilt
 */
public record LoadedHead(ClassificationHead head, Set<String> fresh) {}
