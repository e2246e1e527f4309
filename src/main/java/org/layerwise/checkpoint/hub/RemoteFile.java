package org.layerwise.checkpoint.hub;

import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.file.Sha256;

/**
 * File of a model on the hub.
 *
 * @param name its path in the repository
 * @param size its length in bytes
 * @param etag ETag of its content: the SHA-256 for files in large-file storage, otherwise git's SHA-1. Some mirrors
 *     give something else, such as a time and a length
 * @param etagHeader the name of the header that gave the ETag; null if the list of files gave it
 * @param blob the name of its content in the cache
 */
record RemoteFile(String name, long size, String etag, @Nullable String etagHeader, String blob) {

    /** Suffixes that servers append to the ETag of a compressed response. */
    private static final Pattern COMPRESSION = Pattern.compile("[-;.]+(gzip|gz|br|deflate|zstd)$");

    /** Creates a file of a commit. */
    static RemoteFile of(String commit, String name, long size, String etag, @Nullable String etagHeader) {
        return new RemoteFile(name, size, etag, etagHeader, blob(commit, name, etag));
    }

    /**
     * Returns the value of a header for an ETag without the mark of weak ETags and the quotes; a hash in small letters.
     */
    static String etag(String value) {
        String etag = value.replaceFirst("^W/", "").replace("\"", "");
        String small = etag.toLowerCase(Locale.ROOT);
        return ContentHash.isHash(small) ? small : etag;
    }

    /**
     * Returns true if the hub's own response to a request for the content has another ETag, so that it has the content
     * of another version. Always false if the ETag is a hash, which is compared with the whole content, or if the
     * response lacks the header that gave the ETag.
     */
    boolean isOther(HttpHeaders hub) {
        if (etagHeader == null || ContentHash.isHash(etag)) {
            return false;
        }
        return hub.firstValue(etagHeader)
                .filter(value -> !uncompressed(etag(value)).equals(uncompressed(etag)))
                .isPresent();
    }

    private static String uncompressed(String etag) {
        return COMPRESSION.matcher(etag).replaceFirst("");
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
