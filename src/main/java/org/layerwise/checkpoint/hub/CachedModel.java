package org.layerwise.checkpoint.hub;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Model in the hub's cache, usable or not.
 *
 * @param name its name on the hub, as far as the folder's name shows it
 * @param folder {@code models--org--name}
 * @param snapshots its snapshots, the most recently used first
 * @param bytes its size on disk, each blob counted once, unfinished downloads included
 * @param lastUsed time at which one of its files was last read or written, as far as the file system records this
 * @param problem its fault, as one plain sentence; empty if there is none
 */
public record CachedModel(
        String name,
        Path folder,
        List<CachedSnapshot> snapshots,
        long bytes,
        Instant lastUsed,
        Optional<String> problem) {

    public CachedModel {
        snapshots = List.copyOf(snapshots);
    }
}
