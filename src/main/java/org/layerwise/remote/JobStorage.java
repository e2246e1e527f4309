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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.base.ResponseLimit;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.file.TemporaryFileJournal;
import org.layerwise.base.file.UnfinishedFiles;
import org.layerwise.remote.ssh.SftpErrors;
import org.layerwise.remote.ssh.SshConnection;

/**
 * Folder of jobs as this computer accesses it: as a shared folder, or by SFTP. Both work in the same way. Files get
 * their final name only when they are complete. An {@link IOException} means that the connection is broken, so that the
 * operation may be repeated.
 */
public final class JobStorage implements AutoCloseable {

    /** Name of the file that marks a folder which may be deleted; contains the folder's name. */
    private static final String MARK = ".layerwise";

    /** Name of the file that identifies job folders of an earlier version, which wrote no mark. */
    private static final String EARLIER_MARK = "plan.json";

    private final StorageFolder folder;
    private final Path root;
    private final @Nullable FileSystem own;
    private final String name;
    private final List<Path> made = new ArrayList<>();

    private JobStorage(StorageFolder folder, Path root, @Nullable FileSystem own, String name) {
        this.folder = folder;
        this.root = root;
        this.own = own;
        this.name = name;
    }

    /** Creates a storage in a folder that both this computer and the cluster see. */
    public static JobStorage shared(StorageFolder folder, Path here) {
        return new JobStorage(folder, here, null, here.toString());
    }

    /** Opens a folder of the cluster by SFTP, usable as long as the connection is open. */
    public static JobStorage over(SshConnection connection, StorageFolder folder) throws IOException {
        FileSystem files = connection.files();
        return new JobStorage(
                folder, files.getPath(folder.there()), files, "%s on %s".formatted(folder.there(), connection.name()));
    }

    /** Returns the name of the folder for users. */
    public String name() {
        return name;
    }

    /** Returns the path of a file or folder as the cluster sees it. */
    public String there(String relative) {
        return folder.there(relative);
    }

    /**
     * Makes sure that files can be written. Creates the folder if it is missing.
     *
     * @throws UserException with the reason if files cannot be written
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
        } catch (UncheckedIOException e) {
            throw told("write into", name, FileErrors.cause(e)); // SFTP throws this if the connection is broken
        }
    }

    /** Deletes the folders that {@link #requireWritable} has created, if they are empty. */
    public void withdraw() throws IOException {
        for (Path folder : made) {
            if (!empty(folder)) {
                break;
            }
            remove(folder);
        }
        made.clear();
    }

    /** Deletes a file or an empty folder, if it exists. */
    static void remove(Path path) throws IOException {
        try {
            Files.deleteIfExists(path);
        } catch (UncheckedIOException e) {
            throw e.getCause(); // SFTP throws this if the connection is broken
        }
    }

    private static boolean empty(Path folder) throws IOException {
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.findAny().isEmpty();
        } catch (UncheckedIOException e) {
            throw e.getCause(); // SFTP reads a folder during the iteration
        }
    }

    /**
     * Creates a folder that {@link #delete} may delete.
     *
     * @throws UserException if it cannot be written
     */
    public void makeFolder(String relative) throws IOException {
        put(relative + "/" + MARK, fileName(relative) + "\n");
    }

    /** Writes a text as UTF-8. */
    public void put(String relative, String text) throws IOException {
        put(relative, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Sends a file to the storage. */
    public void put(String relative, Path file, Progress progress) throws IOException {
        put(relative, out -> FileTransfer.send(file, out, progress));
    }

    private void put(String relative, Content content) throws IOException {
        Path target = plain(relative);
        try {
            Files.createDirectories(target.getParent());
            write(target, content);
        } catch (IOException e) {
            throw told("write", there(relative), e);
        } catch (UncheckedIOException e) {
            throw told("write", there(relative), FileErrors.cause(e)); // SFTP throws this if the connection is broken
        }
    }

    private interface Content {
        void write(OutputStream out) throws IOException;
    }

    /**
     * Writes first into a file next to the target, whose name nobody can predict: a prepared link of that name would
     * lead to foreign files.
     */
    private void write(Path target, Content content) throws IOException {
        Path beside = UnfinishedFiles.pathFor(target);
        begun(beside);
        try {
            try (OutputStream out =
                    Files.newOutputStream(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                content.write(out);
            }
            Files.deleteIfExists(target); // SFTP cannot replace files
            Files.move(beside, target);
        } catch (IOException | RuntimeException e) {
            try {
                remove(beside);
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw e;
        } finally {
            ended(beside);
        }
    }

    /**
     * Records a file for deletion at the next start, in case that this process is killed; the journal contains only
     * files of this computer.
     */
    private void begun(Path beside) {
        if (own == null) {
            TemporaryFileJournal.ofProcess().add(beside);
        }
    }

    private void ended(Path beside) {
        if (own == null) {
            TemporaryFileJournal.ofProcess().remove(beside);
        }
    }

    /** Returns true if there is such a file or folder. */
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
            throw e.getCause(); // SFTP throws this if the connection is broken
        }
    }

    /**
     * Returns a path in the folder without links: Layerwise creates none, and a link would lead to foreign files.
     *
     * @throws UserException if a part of the path is a link
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

    /** Returns the attributes of the path itself, even if it is a link; empty if there is nothing. */
    private static Optional<BasicFileAttributes> attributes(Path path) throws IOException {
        try {
            return Optional.of(Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
        } catch (IOException e) {
            if (SftpErrors.missing(e)) {
                return Optional.empty();
            }
            throw e;
        } catch (UncheckedIOException e) {
            throw e.getCause(); // SFTP throws this if the connection is broken
        }
    }

    /** Returns the path of a regular file, since reading a pipe could wait for ever; empty if there is nothing. */
    private Optional<Path> file(String relative) throws IOException {
        Path path = plain(relative);
        Optional<BasicFileAttributes> found = attributes(path);
        if (found.isPresent() && !found.get().isRegularFile()) {
            throw new UserException("%s is not an ordinary file.".formatted(there(relative)));
        }
        return found.map(any -> path);
    }

    /**
     * Returns a text in UTF-8; empty if the file is missing.
     *
     * @throws UserException if it is longer than an answer may be
     */
    public String text(String relative) throws IOException {
        byte[] bytes = bytes(relative, 0, ResponseLimit.MOST_BYTES + 1);
        ResponseLimit.require(bytes.length, there(relative));
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Returns the last bytes of a file; empty if it is missing. */
    byte[] tail(String relative, int most) throws IOException {
        Optional<Path> file = file(relative);
        return file.isEmpty() ? new byte[0] : bytes(relative, Math.max(0, size(file.get()) - most), most);
    }

    private static long size(Path file) throws IOException {
        return attributes(file).map(BasicFileAttributes::size).orElse(0L);
    }

    /** Returns at most {@code most} bytes of a file from a position on; empty if the file is shorter, or missing. */
    public byte[] bytes(String relative, long from, int most) throws IOException {
        Optional<Path> file = file(relative);
        if (file.isEmpty()) {
            return new byte[0];
        }
        try (SeekableByteChannel channel = Files.newByteChannel(file.get(), StandardOpenOption.READ);
                InputStream in = Channels.newInputStream(channel.position(from))) {
            return in.readNBytes(most); // as many as come, since the reported size may be wrong
        } catch (IOException e) {
            if (SftpErrors.missing(e)) {
                return new byte[0];
            }
            throw e;
        } catch (UncheckedIOException e) {
            throw e.getCause(); // SFTP throws this if the connection is broken
        }
    }

    /**
     * Fetches a file.
     *
     * @param target path on this computer; the file appears when it is complete and correct
     * @param written size and hash that the file must have
     * @throws IOException if the file cannot be read
     * @throws BrokenResultsException if the file is missing or differs
     * @throws UserException if the target cannot be written, or there is not enough free space
     */
    void fetch(String relative, Path target, JobResults.Written written, Progress progress) throws IOException {
        Path source = file(relative)
                .orElseThrow(() -> new BrokenResultsException("There is no file %s.".formatted(there(relative))));
        FileTransfer.receive(source, there(relative), target, written, progress);
    }

    /** Deletes a file, if it exists. */
    public void deleteFile(String relative) throws IOException {
        Optional<Path> file = file(relative);
        if (file.isPresent()) {
            remove(file.get());
        }
    }

    /** Deletes a folder as {@link #delete(String, Runnable)} does. */
    public void delete(String relative) throws IOException {
        delete(relative, () -> {});
    }

    /**
     * Deletes a folder that {@link #makeFolder} has created, with its content; has no effect if it does not exist.
     *
     * @param begun called once, after the first file or folder was deleted
     * @throws UserException if {@link #makeFolder} has not created it, or it is a link; nothing is deleted then
     */
    void delete(String relative, Runnable begun) throws IOException {
        requireMade(relative);
        Path folder = plain(relative);
        if (attributes(folder).isPresent()) {
            SafeDeletion.delete(root, folder, has(relative + "/" + MARK) ? MARK : EARLIER_MARK, begun);
        }
    }

    /**
     * Makes sure that a folder may be deleted: it does not exist, or {@link #makeFolder} or an earlier version of
     * Layerwise has created it.
     *
     * @throws UserException if another program has created it
     */
    private void requireMade(String relative) throws IOException {
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

    /**
     * Throws the exception for users if they can fix the error, such as a full disk or a missing permission; returns
     * the error if the connection is broken.
     */
    private IOException told(String what, String which, IOException e) throws IOException {
        String reason = FileErrors.reason(e)
                + (SftpErrors.unexplained(e) ? ", as SSH servers say of a full disk or a quota" : "");
        // a folder that this computer sees has no connection that could break
        if (own == null || SftpErrors.refused(e)) {
            throw new UserException(
                    "Cannot %s %s: %s; make room or choose another storage folder.".formatted(what, which, reason), e);
        }
        return e;
    }

    /** Ends the SFTP session, if there is one; the connection remains open. */
    @Override
    public void close() throws IOException {
        if (own != null) {
            own.close();
        }
    }
}
