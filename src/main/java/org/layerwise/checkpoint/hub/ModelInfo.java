package org.layerwise.checkpoint.hub;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the hub says of one revision of a model.
 *
 * @param commit the commit at which the revision stands
 * @param gated whether its files are given only to those who have accepted its licence
 * @param files all files of the repository by name, in the order of the list
 */
record ModelInfo(String commit, boolean gated, Map<String, Sibling> files) {

    /**
     * A file as the hub lists it.
     *
     * @param name its path in the repository
     * @param size its length in bytes, where it is told
     * @param etag as in {@link RemoteFile}, where it is told
     */
    record Sibling(String name, OptionalLong size, Optional<String> etag) {}

    /** The file of a name. */
    Optional<Sibling> file(String name) {
        return Optional.ofNullable(files.get(name));
    }
}
