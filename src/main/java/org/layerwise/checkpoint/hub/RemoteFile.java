package org.layerwise.checkpoint.hub;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.layerwise.base.Sha256;

/**
 * A file of a model on the hub.
 *
 * @param name its path in the repository
 * @param size its length in bytes
 * @param etag what names its content: the SHA-256 of files in large-file storage, otherwise git's SHA-1. Some mirrors give
 *     something else, such as a time and a length
 * @param blob the name of its content in the cache
 */
record RemoteFile(String name, long size, String etag, String blob) {

    /** A file of a commit. */
    static RemoteFile of(String commit, String name, long size, String etag) {
        return new RemoteFile(name, size, etag, blob(commit, name, etag));
    }

    /**
     * The name of a content in the cache: the ETag if it is a hash of the content, as in huggingface_hub. Any other ETag says nothing
     * beyond its own address, and two files may have the same: it gets commit and name with it.
     */
    static String blob(String commit, String name, String etag) {
        if (ContentHash.isHash(etag)) {
            return etag;
        }
        byte[] place = (commit + "/" + name).getBytes(StandardCharsets.UTF_8);
        return etag + "-" + HexFormat.of().formatHex(Sha256.digest().digest(place));
    }
}
