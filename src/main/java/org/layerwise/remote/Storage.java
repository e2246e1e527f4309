package org.layerwise.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.ByteWords;
import org.layerwise.base.Progress;
import org.layerwise.base.Sha256;
import org.layerwise.base.UserException;
import org.layerwise.base.WholeFiles;
import org.layerwise.remote.ssh.SftpErrors;
import org.layerwise.remote.ssh.SshConnection;

/**
 * The folder of jobs as this computer reaches it: where it is shared, or by SFTP; the rest is the same. Files appear under their
 * name only when they are whole. An {@link IOException} says that the way there is broken, so that the same may be tried again.
 */
public final class Storage implements AutoCloseable {

    private static final int PIECE = 1 << 18;

    private final StorageFolder folder;
    private final Path root;
    private final @Nullable FileSystem own;
    private final String name;
    private final List<Path> made = new ArrayList<>();

    private Storage(StorageFolder folder, Path root, @Nullable FileSystem own, String name) {
        this.folder = folder;
        this.root = root;
        this.own = own;
        this.name = name;
    }

    /** A folder that both sides see. */
    public static Storage shared(StorageFolder folder, Path here) {
        return new Storage(folder, here, null, here.toString());
    }

    /** A folder of the other side, as long as the connection stands. */
    public static Storage over(SshConnection connection, StorageFolder folder) throws IOException {
        FileSystem files = connection.files();
        return new Storage(
                folder, files.getPath(folder.there()), files, "%s on %s".formatted(folder.there(), connection.name()));
    }

    /** As people name it. */
    public String name() {
        return name;
    }

    /** A file or folder in it, as the cluster sees it. */
    public String there(String relative) {
        return folder.there(relative);
    }

    /**
     * Makes sure that files can be written. The folder is made if it is not there.
     *
     * @throws UserException if not, with the reason
     */
    public void requireWritable() throws IOException {
        String probe = ".layerwise-" + UUID.randomUUID();
        try {
            for (Path missing = root; missing != null && !has(missing); missing = missing.getParent()) {
                made.add(missing);
            }
            Files.createDirectories(root);
            write(root.resolve(probe), out -> out.write("probe".getBytes(StandardCharsets.UTF_8)));
            Files.delete(root.resolve(probe));
        } catch (IOException e) {
            throw told("write into", name, e);
        }
    }

    /** Deletes the folders that {@link #requireWritable} has made, as far as nothing has come into them. */
    public void withdraw() throws IOException {
        for (Path folder : made) {
            if (!empty(folder)) {
                break;
            }
            Files.deleteIfExists(folder);
        }
        made.clear();
    }

    private static boolean empty(Path folder) throws IOException {
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.findAny().isEmpty();
        } catch (UncheckedIOException e) {
            throw e.getCause(); // SFTP reads a folder while it is gone through
        }
    }

    /** Writes a text as UTF-8. */
    public void put(String relative, String text) throws IOException {
        put(relative, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Brings a file there. */
    public void put(String relative, Path file, Progress progress) throws IOException {
        long size = Files.size(file);
        put(relative, out -> {
            try (InputStream in = Files.newInputStream(file)) {
                copy(in, out, size, "Sending " + file.getFileName(), progress);
            }
        });
    }

    private void put(String relative, Content content) throws IOException {
        Path target = root.resolve(relative);
        try {
            Files.createDirectories(target.getParent());
            write(target, content);
        } catch (IOException e) {
            throw told("write", there(relative), e);
        }
    }

    private interface Content {
        void write(OutputStream out) throws IOException;
    }

    private static void write(Path target, Content content) throws IOException {
        Path beside = target.resolveSibling(".%s.part".formatted(target.getFileName()));
        try {
            try (OutputStream out = Files.newOutputStream(
                    beside,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                content.write(out);
            }
            Files.deleteIfExists(target); // SFTP cannot replace
            Files.move(beside, target);
        } catch (IOException | RuntimeException e) {
            try {
                Files.deleteIfExists(beside);
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    /** Whether there is such a file or folder. */
    public boolean has(String relative) throws IOException {
        return has(root.resolve(relative));
    }

    private static boolean has(Path path) throws IOException {
        try {
            Files.readAttributes(path, "size");
            return true;
        } catch (IOException e) {
            if (SftpErrors.missing(e)) {
                return false;
            }
            throw e;
        }
    }

    /** A text in UTF-8. */
    public String text(String relative) throws IOException {
        return new String(bytes(relative, 0), StandardCharsets.UTF_8);
    }

    /** What a file holds from a place on; nothing if it is not that long, or not there. */
    public byte[] bytes(String relative, long from) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(root.resolve(relative), StandardOpenOption.READ)) {
            long size = channel.size();
            if (size <= from) {
                return new byte[0];
            }
            ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(Math.min(size - from, Integer.MAX_VALUE / 2)));
            channel.position(from);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                continue;
            }
            return Arrays.copyOf(bytes.array(), bytes.position());
        } catch (IOException e) {
            if (SftpErrors.missing(e)) {
                return new byte[0];
            }
            throw e;
        }
    }

    /** The names in a folder, sorted; none if it is not there. */
    public List<String> list(String relative) throws IOException {
        if (!has(relative)) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(root.resolve(relative))) {
            return found.map(path -> path.getFileName().toString())
                    .filter(file -> !file.startsWith("."))
                    .sorted()
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause(); // SFTP reads a folder while it is gone through
        }
    }

    /**
     * Fetches a file.
     *
     * @param target where to; it appears when it is whole and right
     * @param sha256 of its bytes, in hexadecimal
     * @throws UserException if it is not what was to come
     */
    public void fetch(String relative, Path target, String sha256, Progress progress) throws IOException {
        Path source = root.resolve(relative);
        MessageDigest digest = Sha256.digest();
        try (InputStream in = new DigestInputStream(Files.newInputStream(source), digest)) {
            long size = Files.size(source);
            WholeFiles.write(target, beside -> {
                try (OutputStream out = Files.newOutputStream(beside)) {
                    copy(in, out, size, "Fetching " + target.getFileName(), progress);
                }
                if (!HexFormat.of().formatHex(digest.digest()).equals(sha256)) {
                    throw new UserException(
                            "%s did not arrive as it was written (its SHA-256 is another); fetch it again."
                                    .formatted(there(relative)));
                }
            });
        } catch (IOException e) {
            if (SftpErrors.missing(e)) {
                throw new UserException("There is no file %s.".formatted(there(relative)), e);
            }
            throw e;
        }
    }

    /** Deletes a folder and all that it holds; nothing happens if it is not there. */
    public void delete(String relative) throws IOException {
        Path folder = root.resolve(relative);
        if (!has(relative)) {
            return;
        }
        try (Stream<Path> found = Files.walk(folder)) {
            for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void copy(InputStream in, OutputStream out, long size, String what, Progress progress)
            throws IOException {
        byte[] piece = new byte[PIECE];
        long done = 0;
        for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
            progress.check();
            out.write(piece, 0, read);
            done += read;
            progress.report(
                    size == 0 ? 1 : (double) done / size,
                    "%s, %s of %s".formatted(what, ByteWords.of(done), ByteWords.of(size)));
        }
    }

    /** A full disk or a missing permission is for people to mend; a broken connection is not. */
    private IOException told(String what, String which, IOException e) throws IOException {
        String reason = WholeFiles.reason(e)
                + (SftpErrors.unexplained(e) ? ", as SSH servers say of a full disk or a quota" : "");
        // into a folder that is seen here there is no way that could break
        if (own == null || SftpErrors.refused(e)) {
            throw new UserException(
                    "Cannot %s %s: %s; make room or choose another storage folder.".formatted(what, which, reason), e);
        }
        return e;
    }

    /** Ends the session of SFTP, if there is one; the connection stays. */
    @Override
    public void close() throws IOException {
        if (own != null) {
            own.close();
        }
    }
}
