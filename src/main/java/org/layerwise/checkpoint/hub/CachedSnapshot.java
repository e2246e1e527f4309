package org.layerwise.checkpoint.hub;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One commit of a model in the hub's cache.
 *
 * @param commit the hash of the commit
 * @param revisions branches and tags that stood at this commit when they were last asked for
 * @param folder the folder to open
 * @param bytes the size of its files, each counted once
 * @param lastUsed when one of its files was last read or written, as far as the file system keeps this
 * @param config whether it has config.json
 * @param weights whether it has all of its safetensors weights
 * @param problem why it cannot be opened, one plain sentence
 */
public record CachedSnapshot(
        String commit,
        List<String> revisions,
        Path folder,
        long bytes,
        Instant lastUsed,
        boolean config,
        boolean weights,
        Optional<String> problem) {

    public CachedSnapshot {
        revisions = List.copyOf(revisions);
    }

    /** Whether it has what is needed to open it. */
    public boolean usable() {
        return problem.isEmpty();
    }
}
