package org.layerwise.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.Sha256;
import org.layerwise.base.UserException;
import org.layerwise.base.WholeFiles;

/**
 * Hash that identifies the weights of a model in a folder: SHA-256 over the names and contents of its config.json and
 * weight files, in the order of their names.
 */
public final class WeightsHash {

    private static final int BLOCK = 4 << 20;

    private WeightsHash() {}

    /**
     * Computes the hash; reads all files.
     *
     * @return 64 hexadecimal digits
     * @throws CancelledException if cancelled, which is checked between two blocks
     * @throws UserException if a file cannot be read, or is no longer the one that was opened, since results must not
     *     carry the hash of other weights than those that computed them
     */
    public static String sha256(Checkpoint checkpoint, Progress progress) {
        checkpoint.requireUnchanged();
        SortedMap<String, Path> files = new TreeMap<>();
        files.put(Checkpoint.CONFIG, checkpoint.folder().resolve(Checkpoint.CONFIG));
        for (String tensor : checkpoint.names()) {
            Path file = checkpoint.file(tensor);
            files.put(file.getFileName().toString(), file);
        }
        MessageDigest digest = Sha256.digest();
        long all = files.values().stream().mapToLong(WeightsHash::size).sum();
        long done = 0;
        ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
        for (var file : files.entrySet()) {
            digest.update((file.getKey() + "\0").getBytes(StandardCharsets.UTF_8));
            try (FileChannel channel = FileChannel.open(file.getValue())) {
                while (channel.read(block.clear()) >= 0) {
                    progress.check();
                    done += block.flip().remaining();
                    digest.update(block);
                    progress.report((double) done / Math.max(1, all), "Identifying the model");
                }
            } catch (ClosedByInterruptException e) {
                throw new CancelledException();
            } catch (IOException e) {
                throw unreadable(file.getValue(), e);
            }
        }
        checkpoint.requireUnchanged();
        return HexFormat.of().formatHex(digest.digest());
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static UserException unreadable(Path file, IOException e) {
        return new UserException("Cannot read %s: %s.".formatted(file, WholeFiles.reason(e)), e);
    }
}
