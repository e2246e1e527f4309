package org.layerwise.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.AnswerLimit;
import org.layerwise.base.ByteWords;
import org.layerwise.base.Leftovers;
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

    /** The file in a folder that may be deleted; it holds the folder's name. */
    private static final String MARK = ".layerwise";

    /** The file that every job of a version has that left no mark. */
    private static final String EARLIER_MARK = "plan.json";

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

    /**
     * Makes a folder that {@link #delete} may delete.
     *
     * @throws UserException if the place cannot be written
     */
    public void makeFolder(String relative) throws IOException {
        put(relative + "/" + MARK, fileName(relative) + "\n");
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
        Path target = plain(relative);
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

    /** Writes beside first, under a name that nobody can have prepared: a link of that name would lead to files of others. */
    private void write(Path target, Content content) throws IOException {
        Path beside = WholeFiles.unfinishedOf(target);
        begun(beside);
        try {
            try (OutputStream out =
                    Files.newOutputStream(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
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
        } finally {
            ended(beside);
        }
    }

    /** Notes a file for the next start to delete if this process is killed; the journal has files of this computer only. */
    private void begun(Path beside) {
        if (own == null) {
            Leftovers.ofProcess().add(beside);
        }
    }

    private void ended(Path beside) {
        if (own == null) {
            Leftovers.ofProcess().remove(beside);
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
        } catch (UncheckedIOException e) {
            throw e.getCause(); // SFTP says so of a connection that has broken
        }
    }

    /**
     * A path in the folder whose parts are no links: Layerwise makes none, and one would lead to files of others.
     *
     * @throws UserException if a part is a link
     */
    private Path plain(String relative) throws IOException {
        Path path = root;
        for (String part : relative.split("/")) {
            path = path.resolve(part);
            Optional<BasicFileAttributes> found = attributes(path);
            if (found.isEmpty()) {
                break;
            }
            if (found.get().isSymbolicLink()) {
                throw new UserException(
                        "%s is a link, and Layerwise makes none there; nothing was read, written or deleted. Remove the link, or name another storage folder."
                                .formatted(there(root.relativize(path).toString())));
            }
        }
        return root.resolve(relative);
    }

    /** Of the path itself, even if it is a link; empty if there is nothing. */
    private static Optional<BasicFileAttributes> attributes(Path path) throws IOException {
        try {
            return Optional.of(Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
        } catch (IOException e) {
            if (SftpErrors.missing(e)) {
                return Optional.empty();
            }
            throw e;
        } catch (UncheckedIOException e) {
            throw e.getCause(); // SFTP says so of a connection that has broken
        }
    }

    /** The path of an ordinary file: a pipe would be waited for without end. Empty if there is nothing. */
    private Optional<Path> file(String relative) throws IOException {
        Path path = plain(relative);
        Optional<BasicFileAttributes> found = attributes(path);
        if (found.isPresent() && !found.get().isRegularFile()) {
            throw new UserException("%s is not an ordinary file.".formatted(there(relative)));
        }
        return found.map(any -> path);
    }

    /**
     * A text in UTF-8; empty if the file is not there.
     *
     * @throws UserException if it is longer than an answer may be
     */
    public String text(String relative) throws IOException {
        byte[] bytes = bytes(relative, 0, AnswerLimit.MOST_BYTES + 1);
        AnswerLimit.require(bytes.length, there(relative));
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The last bytes of a file; nothing if it is not there. */
    byte[] tail(String relative, int most) throws IOException {
        Optional<Path> file = file(relative);
        return file.isEmpty() ? new byte[0] : bytes(relative, Math.max(0, Files.size(file.get()) - most), most);
    }

    /** The bytes of a file from a place on, at most so many; none if it is not that long, or not there. */
    public byte[] bytes(String relative, long from, int most) throws IOException {
        Optional<Path> file = file(relative);
        if (file.isEmpty()) {
            return new byte[0];
        }
        try (SeekableByteChannel channel = Files.newByteChannel(file.get(), StandardOpenOption.READ);
                InputStream in = Channels.newInputStream(channel.position(from))) {
            return in.readNBytes(most); // as many as come: the size that is told may be wrong
        } catch (IOException e) {
            if (SftpErrors.missing(e)) {
                return new byte[0];
            }
            throw e;
        }
    }

    /**
     * Fetches a file.
     *
     * @param target where to; it appears when it is whole and right
     * @param written what the file must be
     * @throws UserException if it is not what was to come, or there is no room for it
     */
    void fetch(String relative, Path target, JobResults.Written written, Progress progress) throws IOException {
        Path source =
                file(relative).orElseThrow(() -> new UserException("There is no file %s.".formatted(there(relative))));
        requireRoom(target, written.bytes());
        MessageDigest digest = Sha256.digest();
        try (InputStream in = new DigestInputStream(Files.newInputStream(source), digest)) {
            WholeFiles.write(target, beside -> {
                long came;
                try (OutputStream out = Files.newOutputStream(beside)) {
                    came = copy(in, out, written.bytes(), "Fetching " + target.getFileName(), progress);
                }
                boolean whole = came == written.bytes() && in.read() < 0;
                if (!whole || !HexFormat.of().formatHex(digest.digest()).equals(written.sha256())) {
                    throw new UserException(
                            "%s did not arrive as it was written (its size or its SHA-256 is another); fetch it again."
                                    .formatted(there(relative)));
                }
            });
        }
    }

    private static void requireRoom(Path target, long bytes) {
        WholeFiles.requireWritableFile(target);
        // 0 where the system does not tell
        long room = target.toAbsolutePath().getParent().toFile().getUsableSpace();
        if (room > 0 && bytes > room) {
            throw new UserException("There is no room for %s: it takes %s, and %s are free."
                    .formatted(target, ByteWords.of(bytes), ByteWords.of(room)));
        }
    }

    /** Deletes a file, if it is there. */
    public void deleteFile(String relative) throws IOException {
        Optional<Path> file = file(relative);
        if (file.isPresent()) {
            Files.deleteIfExists(file.get());
        }
    }

    /**
     * Deletes a folder that {@link #makeFolder} has made and all that it holds; nothing happens if it is not there.
     *
     * @throws UserException if it was not made by it, or is a link; nothing is deleted then
     */
    public void delete(String relative) throws IOException {
        requireMade(relative);
        Path folder = plain(relative);
        if (attributes(folder).isPresent()) {
            SafeDeletion.delete(root, folder, has(relative + "/" + MARK) ? MARK : EARLIER_MARK);
        }
    }

    /**
     * Makes sure that a folder may be deleted: it is not there, or {@link #makeFolder} or an earlier version of this program has made
     * it.
     *
     * @throws UserException if somebody else has
     */
    void requireMade(String relative) throws IOException {
        Optional<BasicFileAttributes> found = attributes(plain(relative));
        if (found.isEmpty()) {
            return;
        }
        boolean made = found.get().isDirectory()
                && (text(relative + "/" + MARK).strip().equals(fileName(relative))
                        || file(relative + "/" + EARLIER_MARK).isPresent());
        if (!made) {
            throw new UserException(
                    "%s was not made by Layerwise (there is no file %s in it that names it), so nothing there is deleted; delete it by hand if it is yours."
                            .formatted(there(relative), MARK));
        }
    }

    private static String fileName(String relative) {
        return relative.substring(relative.lastIndexOf('/') + 1);
    }

    /** Copies at most {@code size} bytes; gives the number of them. */
    private static long copy(InputStream in, OutputStream out, long size, String what, Progress progress)
            throws IOException {
        byte[] piece = new byte[PIECE];
        long done = 0;
        while (done < size) {
            int read = in.read(piece, 0, (int) Math.min(PIECE, size - done));
            if (read < 0) {
                break;
            }
            progress.check();
            out.write(piece, 0, read);
            done += read;
            progress.report(
                    (double) done / size, "%s, %s of %s".formatted(what, ByteWords.of(done), ByteWords.of(size)));
        }
        return done;
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
