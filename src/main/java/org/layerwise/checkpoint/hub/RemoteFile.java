package org.layerwise.checkpoint.hub;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.layerwise.base.file.Sha256;

/**
 * File of a model on the hub.
 *
 * @param name its path in the repository
 * @param size its length in bytes
 * @param etag ETag of its content: the SHA-256 for files in large-file storage, otherwise git's SHA-1. Some mirrors
 *     give something else, such as a time and a length
 * @param blob the name of its content in the cache
 */
record RemoteFile(String name, long size, String etag, String blob) {

    /** Creates a file of a commit. */
    static RemoteFile of(String commit, String name, long size, String etag) {
        return new RemoteFile(name, size, etag, blob(commit, name, etag));
    }

    /**
     * Returns the name of a content in the cache: the ETag if it is a hash of the content, as in huggingface_hub. Any
     * other ETag identifies a content only together with its address, and two files may have the same ETag, so a hash
     * of commit and name is appended.
     */
    static String blob(String commit, String name, String etag) {
        if (ContentHash.isHash(etag)) {
            return etag;
        }
        byte[] place = (commit + "/" + name).getBytes(StandardCharsets.UTF_8);
        return etag + "-" + HexFormat.of().formatHex(Sha256.digest().digest(place));
    }
}
