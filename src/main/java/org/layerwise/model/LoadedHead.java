package org.layerwise.model;

import java.util.Set;

/**
 * A head as it came from a checkpoint.
 *
 * @param fresh full names of the modules that the checkpoint lacks and that were initialised from a seed: they must be
 *     trained and saved, or nobody could rebuild the model
 */
public record LoadedHead(ClassificationHead head, Set<String> fresh) {}
