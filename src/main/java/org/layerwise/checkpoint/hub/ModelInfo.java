package org.layerwise.checkpoint.hub;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Information of the hub about one revision of a model.
 *
 * @param commit the commit that the revision refers to
 * @param gated true if its files are only available to users who have accepted its licence
 * @param files all files of the repository by name, in the order of the list
 */
record ModelInfo(String commit, boolean gated, Map<String, Sibling> files) {

    /**
     * File as the hub lists it.
     *
     * @param name its path in the repository
     * @param size its length in bytes; empty if the hub does not give it
     * @param etag its ETag as in {@link RemoteFile}; empty if the hub does not give it
     */
    record Sibling(String name, OptionalLong size, Optional<String> etag) {}

    /** Returns the file with a name. */
    Optional<Sibling> file(String name) {
        return Optional.ofNullable(files.get(name));
    }
}
