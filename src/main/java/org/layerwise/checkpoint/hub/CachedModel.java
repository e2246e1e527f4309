package org.layerwise.checkpoint.hub;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A model of the hub's cache, usable or not.
 *
 * @param name its name on the hub, as far as the folder's name tells it
 * @param id the same, if it can be the name of a model
 * @param folder {@code models--org--name}
 * @param snapshots its revisions, the last used first
 * @param bytes what it takes on disk, each blob counted once, unfinished downloads too
 * @param lastUsed when one of its files was last read or written, as far as the file system keeps this
 * @param problem what is wrong with it, one plain sentence
 */
public record CachedModel(
        String name,
        Optional<HubId> id,
        Path folder,
        List<CachedSnapshot> snapshots,
        long bytes,
        Instant lastUsed,
        Optional<String> problem) {

    public CachedModel {
        snapshots = List.copyOf(snapshots);
    }

    /** Whether at least one snapshot can be opened. */
    public boolean usable() {
        return id.isPresent() && snapshots.stream().anyMatch(CachedSnapshot::usable);
    }
}
