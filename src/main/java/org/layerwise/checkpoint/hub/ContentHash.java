package org.layerwise.checkpoint.hub;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;

/** Comparison of a file on disk with the file that the hub lists, by the hash in its ETag. */
final class ContentHash {

    private static final int CHUNK = 1 << 20;

    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern GIT_SHA_1 = Pattern.compile("[0-9a-f]{40}");

    private ContentHash() {}

    /** Returns true if an ETag is a hash of the content, so that equal ETags mean equal content. */
    static boolean isHash(String etag) {
        return SHA_256.matcher(etag).matches() || GIT_SHA_1.matcher(etag).matches();
    }

    /**
     * Reads the whole file and compares its hash with the ETag.
     *
     * @return true if they are equal; also if the ETag is neither a SHA-256 nor git's SHA-1, as on some mirrors, since
     *     then only the length can be compared
     * @throws CancelledException if cancelled
     */
    static boolean matches(Path file, RemoteFile remote, Progress progress) throws IOException {
        if (Files.size(file) != remote.size()) {
            return false;
        }
        if (SHA_256.matcher(remote.etag()).matches()) {
            return hash(file, digest("SHA-256"), progress).equals(remote.etag());
        }
        if (GIT_SHA_1.matcher(remote.etag()).matches()) {
            MessageDigest digest = digest("SHA-1");
            digest.update("blob %s\0".formatted(remote.size()).getBytes(StandardCharsets.UTF_8));
            return hash(file, digest, progress).equals(remote.etag());
        }
        return true;
    }

    private static String hash(Path file, MessageDigest digest, Progress progress) throws IOException {
        byte[] chunk = new byte[CHUNK];
        // not a channel, which an interrupt would close
        try (InputStream stream = new FileInputStream(file.toFile())) {
            for (int read = stream.read(chunk); read >= 0; read = stream.read(chunk)) {
                progress.check();
                digest.update(chunk, 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has both algorithms
        }
    }
}
