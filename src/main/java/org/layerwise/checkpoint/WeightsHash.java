package org.layerwise.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.file.Sha256;

/** Hash that identifies the weights of a model: SHA-256 over its config.json and weight files, in the order of their names. */
public final class WeightsHash {

    private static final int BLOCK = 4 << 20;

    private final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
    private final Progress progress;
    private final long all;
    private long done;

    /**
     * Starts the reading of files.
     *
     * @param all size of all files in bytes
     */
    private WeightsHash(long all, Progress progress) {
        this.all = all;
        this.progress = progress;
    }

    /**
     * Computes the hash of a model in a folder, over the names and contents of the files; reads all files.
     *
     * @return 64 hexadecimal digits
     * @throws CancelledException if cancelled, which is checked between two blocks
     * @throws UserException if a file cannot be read, or is no longer the one that was opened, since results must not
     *     carry the hash of other weights than those that computed them
     */
    public static String sha256(Checkpoint checkpoint, Progress progress) {
        checkpoint.requireUnchanged();
        SortedMap<String, Path> files = files(checkpoint);
        WeightsHash reading = new WeightsHash(sizes(files.values()), progress);
        MessageDigest digest = Sha256.digest();
        for (var file : files.entrySet()) {
            digest.update((file.getKey() + "\0").getBytes(StandardCharsets.UTF_8));
            reading.read(file.getValue(), digest);
        }
        checkpoint.requireUnchanged();
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * Computes the hash of a model in the hub's cache, over the names, sizes and hashes of the files. The hash of a
     * blob is its name, as {@link CachedBlob} says; config.json, edited blobs and other files are read.
     *
     * @return 64 hexadecimal digits
     * @throws CancelledException as {@link #sha256}
     * @throws UserException as {@link #sha256}
     */
    public static String ofSnapshot(Checkpoint checkpoint, Progress progress) {
        checkpoint.requireUnchanged();
        SortedMap<String, Path> files = files(checkpoint);
        Map<String, String> blobs = new HashMap<>();
        files.forEach((name, file) -> blob(file).ifPresent(hash -> blobs.put(name, hash)));
        SortedMap<String, Path> read = new TreeMap<>(files);
        read.keySet().removeAll(blobs.keySet());
        WeightsHash reading = new WeightsHash(sizes(read.values()), progress);
        MessageDigest digest = Sha256.digest();
        for (var file : files.entrySet()) {
            String known = blobs.get(file.getKey());
            String hash = known != null ? known : reading.hash(file.getValue());
            digest.update("%s\0%s\0%s\0"
                    .formatted(file.getKey(), size(file.getValue()), hash)
                    .getBytes(StandardCharsets.UTF_8));
        }
        checkpoint.requireUnchanged();
        return HexFormat.of().formatHex(digest.digest());
    }

    private static SortedMap<String, Path> files(Checkpoint checkpoint) {
        SortedMap<String, Path> files = new TreeMap<>();
        files.put(Checkpoint.CONFIG, checkpoint.folder().resolve(Checkpoint.CONFIG));
        for (String tensor : checkpoint.names()) {
            Path file = checkpoint.file(tensor);
            files.put(file.getFileName().toString(), file);
        }
        return files;
    }

    private static Optional<String> blob(Path file) {
        try {
            return CachedBlob.sha256(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private String hash(Path file) {
        MessageDigest digest = Sha256.digest();
        read(file, digest);
        return HexFormat.of().formatHex(digest.digest());
    }

    private void read(Path file, MessageDigest digest) {
        try (FileChannel channel = FileChannel.open(file)) {
            while (channel.read(block.clear()) >= 0) {
                progress.check();
                done += block.flip().remaining();
                digest.update(block);
                progress.report((double) done / Math.max(1, all), "Identifying the model");
            }
        } catch (ClosedByInterruptException e) {
            throw new CancelledException();
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static long sizes(Collection<Path> files) {
        return files.stream().mapToLong(WeightsHash::size).sum();
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static UserException unreadable(Path file, IOException e) {
        return new UserException("Cannot read %s: %s.".formatted(file, FileErrors.reason(e)), e);
    }
}
