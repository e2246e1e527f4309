package org.layerwise.selection.export;

import org.jspecify.annotations.Nullable;

/**
 * Source from which another tool loads a model.
 *
 * @param name an id of the HuggingFace hub, or a folder
 * @param revision branch, tag or commit on the hub; null for a folder, or for the newest revision
 */
public record ModelSource(String name, @Nullable String revision) {}
