package org.layerwise.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.layerwise.base.ByteSize;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.file.Folders;
import org.layerwise.base.file.Sha256;
import org.layerwise.base.file.WritablePaths;

/** Copies files to and from a storage, with progress that can be cancelled after each piece. */
final class FileTransfer {

    private static final int PIECE_BYTES = 1 << 18;

    private FileTransfer() {}

    /** Copies a file of this computer into a stream, up to the size that it has at the start. */
    static void send(Path file, OutputStream out, Progress progress) throws IOException {
        long size = Files.size(file);
        try (InputStream in = Files.newInputStream(file)) {
            copy(in, out, size, "Sending " + file.getFileName(), progress);
        }
    }

    /**
     * Copies a file of a storage.
     *
     * @param source path of the file in the storage
     * @param name name of the file for users
     * @param target path on this computer; the file appears when it is complete and correct
     * @param written size and hash that the file must have
     * @throws IOException if the source cannot be read
     * @throws BrokenResultsException if its size or hash differs
     * @throws UserException if the target cannot be written, or there is not enough free space
     */
    static void receive(Path source, String name, Path target, JobResults.Written written, Progress progress)
            throws IOException {
        requireRoom(target, written.bytes());
        MessageDigest digest = Sha256.digest();
        try (InputStream in = new DigestInputStream(new UncheckedInputStream(Files.newInputStream(source)), digest)) {
            AtomicFiles.write(target, beside -> {
                long came;
                try (OutputStream out = Files.newOutputStream(beside)) {
                    came = copy(in, out, written.bytes(), "Fetching " + target.getFileName(), progress);
                }
                boolean whole = came == written.bytes() && in.read() < 0;
                if (!whole || !HexFormat.of().formatHex(digest.digest()).equals(written.sha256())) {
                    throw new BrokenResultsException(
                            "%s is not the file that the job has listed: its size or its SHA-256 is another."
                                    .formatted(name));
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause(); // a broken connection, unlike a target that cannot be written
        }
    }

    private static void requireRoom(Path target, long bytes) {
        WritablePaths.requireFile(target);
        // 0 if the system does not report the free space
        long room = Folders.parent(target).toFile().getUsableSpace();
        if (room > 0 && bytes > room) {
            throw new UserException("There is no room for %s: it takes %s, and %s are free."
                    .formatted(target, ByteSize.of(bytes), ByteSize.of(room)));
        }
    }

    /** Copies at most {@code size} bytes, and returns their number. */
    private static long copy(InputStream in, OutputStream out, long size, String what, Progress progress)
            throws IOException {
        byte[] piece = new byte[PIECE_BYTES];
        long done = 0;
        while (done < size) {
            int read = in.read(piece, 0, (int) Math.min(PIECE_BYTES, size - done));
            if (read < 0) {
                break;
            }
            progress.check();
            out.write(piece, 0, read);
            done += read;
            progress.report((double) done / size, "%s, %s of %s".formatted(what, ByteSize.of(done), ByteSize.of(size)));
        }
        return done;
    }
}
