package org.layerwise.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.CancelledException;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.file.WritablePaths;

/**
 * Memory-mapped safetensors file of any size. Opening reads and checks only the header; data are paged in when they are
 * used. Immutable and safe to share between threads.
 *
 * <p>If another program truncates the file, its mapped data ({@link #bytes}) end the process when native code uses
 * them; if another program writes into the file, the mapped data change. {@link #read} and {@link #pieces} refuse such
 * a file instead; {@link #requireUnchanged} shortens the time in which a change of mapped data goes unnoticed. If
 * another file is renamed to the file's name, the mapped data remain readable. Format: <a
 * href="https://github.com/huggingface/safetensors#format">huggingface/safetensors</a>.
 */
public final class SafetensorsFile implements AutoCloseable {

    private static final int LENGTH_BYTES = 8;
    private static final long LARGEST_PIECE = 16L << 20;

    // "version ", the first bytes of the pointer that a clone without git-lfs contains in place of a large file
    private static final long LFS_POINTER = 0x206e_6f69_7372_6576L;

    private final Path path;
    private final Source source;
    private final Map<String, TensorEntry> entries;
    private final Map<String, String> metadata;
    private volatile Map<String, ByteBuffer> mapped;
    private volatile boolean closed;

    private SafetensorsFile(Path path, Source source, SafetensorsHeader header, Map<String, ByteBuffer> mapped) {
        this.path = path;
        this.source = source;
        Map<String, TensorEntry> byName = new LinkedHashMap<>();
        header.entries().forEach(entry -> byName.put(entry.name(), entry));
        this.entries = Collections.unmodifiableMap(byName);
        this.metadata = header.metadata();
        this.mapped = mapped;
    }

    /**
     * Opens a file and checks its whole header.
     *
     * @throws UserException if it is missing, cannot be read, is truncated, or its header is not valid
     * @throws CancelledException if the thread was interrupted
     */
    public static SafetensorsFile open(Path path) {
        WritablePaths.requireReadableFile(path);
        // maps everything and closes the channel, since an interrupt, which cancels tasks, would close an open channel
        // for all later readers
        try {
            Source source = Source.of(path); // before anything is read, so that no later change is missed
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                SafetensorsHeader header = readHeader(path, channel);
                return new SafetensorsFile(path, source, header, map(channel, header.entries()));
            }
        } catch (ClosedByInterruptException e) {
            throw new CancelledException();
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(path, FileErrors.reason(e)), e);
        }
    }

    /**
     * Returns true if a file is neither truncated nor broken: its header is valid and agrees with its length.
     *
     * @throws IOException if it cannot be read
     */
    public static boolean isWhole(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            readHeader(path, channel);
            return true;
        } catch (ClosedByInterruptException e) {
            throw new CancelledException();
        } catch (UserException e) {
            return false;
        }
    }

    /** Returns the path of the file. */
    public Path path() {
        return path;
    }

    /** Returns the names of all tensors, in the order of their data in the file. */
    public Set<String> names() {
        return entries.keySet();
    }

    /** Returns true if there is a tensor of this name. */
    public boolean has(String name) {
        return entries.containsKey(name);
    }

    /**
     * Returns type, shape and position of a tensor.
     *
     * @throws UserException if there is none of this name
     */
    public TensorEntry entry(String name) {
        TensorEntry entry = entries.get(name);
        if (entry == null) {
            throw new UserException("%s has no tensor '%s'; is it the right file?".formatted(path, name));
        }
        return entry;
    }

    /** Returns the texts under {@code __metadata__}, such as {@code format} = {@code pt}; empty if there are none. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /**
     * Returns the data of a tensor: a new little-endian, direct, read-only view of the mapped file, from position 0 to
     * its limit. Its address is not always a multiple of the element size.
     *
     * @throws UserException if there is no tensor of this name
     * @throws IllegalArgumentException if the tensor takes 2 GB or more: map it by {@link #path()} and
     *     {@link TensorEntry#offset()}
     * @throws IllegalStateException if the file was closed
     */
    public ByteBuffer bytes(String name) {
        TensorEntry entry = entry(name);
        ByteBuffer data = mapped.get(name);
        if (closed) {
            throw new IllegalStateException(path + " is closed");
        }
        if (data == null) {
            throw new IllegalArgumentException("tensor '%s' of %s takes %s bytes, more than one buffer holds"
                    .formatted(name, path, entry.bytes()));
        }
        return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Reads a part of the data of a tensor into a buffer of the caller.
     *
     * @param offset offset of the part in the tensor, in bytes
     * @param target buffer to fill from its position to its limit
     * @throws UserException if there is no tensor of this name, or the file was changed or replaced since it was opened
     * @throws CancelledException if the thread was interrupted
     */
    public void read(String name, long offset, ByteBuffer target) {
        long at = entry(name).offset() + offset;
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            requireUnchanged();
            fill(channel, at, target);
        } catch (ClosedByInterruptException e) {
            throw new CancelledException();
        } catch (EOFException e) {
            throw new UserException(changed(), e);
        } catch (IOException e) {
            throw unreadable(e);
        }
        requireUnchanged(); // detects changes during the reading
    }

    /**
     * Checks that the file is still the one that was opened, by its identity, size and modification time. A change goes
     * unnoticed if a program resets the modification time.
     *
     * @throws UserException if it was changed or replaced
     */
    public void requireUnchanged() {
        try {
            if (!source.equals(Source.of(path))) {
                throw new UserException(changed());
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private String changed() {
        return changed(path);
    }

    /** Returns the message about a file of a model that is no longer the one that was opened. */
    static String changed(Path path) {
        return "%s was changed or replaced after it was opened; start again when it is complete.".formatted(path);
    }

    private UserException unreadable(IOException e) {
        return new UserException("Cannot read %s: %s.".formatted(path, FileErrors.reason(e)), e);
    }

    /** Identity and state of a file, which differ for another file with the same path and after a change. */
    private record Source(@Nullable Object key, long size, FileTime changed) {

        static Source of(Path path) throws IOException {
            BasicFileAttributes facts = Files.readAttributes(path, BasicFileAttributes.class);
            return new Source(facts.fileKey(), facts.size(), facts.lastModifiedTime());
        }
    }

    /**
     * Returns the data of a tensor of any size, in pieces that are read one after the other into one buffer: each piece
     * is overwritten by the next. Iteration throws a {@link UserException} if the file was changed since it was opened.
     *
     * @throws UserException if there is no tensor of this name
     */
    public Iterable<ByteBuffer> pieces(String name) {
        return pieces(name, LARGEST_PIECE);
    }

    Iterable<ByteBuffer> pieces(String name, long largest) {
        TensorEntry entry = entry(name);
        return () -> new Iterator<>() {
            private final ByteBuffer buffer = ByteBuffer.allocateDirect((int) Math.min(largest, entry.bytes()));
            private long done;

            @Override
            public boolean hasNext() {
                return done < entry.bytes();
            }

            @Override
            public ByteBuffer next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                buffer.clear().limit((int) Math.min(largest, entry.bytes() - done));
                read(name, done, buffer);
                done += buffer.flip().limit();
                return buffer.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
            }
        };
    }

    /**
     * Returns true if another file contains a tensor of this name with the same type, shape and bytes. Reads both
     * tensors in pieces.
     *
     * @throws UserException if a file has no tensor of this name, or was changed since it was opened
     */
    boolean agreesWith(SafetensorsFile other, String name) {
        TensorEntry mine = entry(name);
        TensorEntry theirs = other.entry(name);
        if (mine.type() != theirs.type() || !Arrays.equals(mine.shape(), theirs.shape())) {
            return false;
        }
        Iterator<ByteBuffer> rest = other.pieces(name).iterator();
        for (ByteBuffer piece : pieces(name)) {
            if (!piece.equals(rest.next())) {
                return false;
            }
        }
        return true;
    }

    /** Releases the mapped memory; it becomes free when the last buffer handed out is garbage. */
    @Override
    public void close() {
        closed = true;
        mapped = Map.of();
    }

    private static SafetensorsHeader readHeader(Path path, FileChannel channel) throws IOException {
        long size = channel.size();
        if (size < LENGTH_BYTES) {
            throw SafetensorsHeader.broken(
                    path, "it has %s bytes, too few even for the length of a header".formatted(size));
        }
        long length = read(channel, 0, LENGTH_BYTES).getLong();
        if (length == LFS_POINTER) {
            throw new UserException(
                    "%s is only a pointer of Git LFS, not the weights; run git lfs pull in its folder or download it again."
                            .formatted(path));
        }
        if (length < 0 || length > SafetensorsHeader.MAX_BYTES) {
            throw SafetensorsHeader.broken(
                    path, "it claims a header of %s bytes".formatted(Long.toUnsignedString(length)));
        }
        if (length > size - LENGTH_BYTES) {
            throw SafetensorsHeader.broken(
                    path, "its header of %s bytes is longer than the file of %s bytes".formatted(length, size));
        }
        return SafetensorsHeader.parse(path, read(channel, LENGTH_BYTES, (int) length), LENGTH_BYTES + length, size);
    }

    private static ByteBuffer read(FileChannel channel, long position, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        fill(channel, position, buffer);
        return buffer.flip();
    }

    private static void fill(FileChannel channel, long position, ByteBuffer target) throws IOException {
        long at = position;
        while (target.hasRemaining()) {
            int read = channel.read(target, at);
            if (read < 0) {
                throw new EOFException("it became shorter while it was read");
            }
            at += read;
        }
    }

    /**
     * Maps adjacent tensors together, as many as fit into a buffer's 2 GB, since the number of mappings of a process is
     * limited too. A tensor too large for a buffer is left out.
     */
    private static Map<String, ByteBuffer> map(FileChannel channel, List<TensorEntry> entries) throws IOException {
        Map<String, ByteBuffer> buffers = new HashMap<>();
        List<TensorEntry> together = new ArrayList<>();
        long bytes = 0;
        for (TensorEntry entry : entries) {
            if (bytes + entry.bytes() > Integer.MAX_VALUE) {
                mapTogether(channel, together, bytes, buffers);
                together.clear();
                bytes = 0;
            }
            if (entry.bytes() <= Integer.MAX_VALUE) {
                together.add(entry);
                bytes += entry.bytes();
            }
        }
        mapTogether(channel, together, bytes, buffers);
        return buffers;
    }

    private static void mapTogether(
            FileChannel channel, List<TensorEntry> neighbours, long bytes, Map<String, ByteBuffer> buffers)
            throws IOException {
        if (neighbours.isEmpty()) {
            return;
        }
        long start = neighbours.get(0).offset();
        ByteBuffer window = channel.map(FileChannel.MapMode.READ_ONLY, start, bytes);
        for (TensorEntry entry : neighbours) {
            buffers.put(entry.name(), window.slice((int) (entry.offset() - start), (int) entry.bytes()));
        }
    }
}
