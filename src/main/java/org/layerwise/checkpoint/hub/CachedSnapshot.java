package org.layerwise.checkpoint.hub;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Snapshot of one commit of a model in the hub's cache.
 *
 * @param commit the hash of the commit
 * @param revisions branches and tags that referred to this commit when they were last requested
 * @param folder the folder to open
 * @param bytes the size of its files, each counted once
 * @param lastUsed time at which one of its files was last read or written, as far as the file system records this
 * @param problem reason why it cannot be opened, as one plain sentence; empty if it can
 */
public record CachedSnapshot(
        String commit, List<String> revisions, Path folder, long bytes, Instant lastUsed, Optional<String> problem) {

    public CachedSnapshot {
        revisions = List.copyOf(revisions);
    }

    /** Returns true if the snapshot has everything that is needed to open it. */
    public boolean usable() {
        return problem.isEmpty();
    }
}
