package org.layerwise.remote;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.ByteSize;
import org.layerwise.base.Progress;
import org.layerwise.base.ResponseLimit;
import org.layerwise.base.UserException;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.file.FileLock;
import org.layerwise.base.file.Folders;

/**
 * Copy of a file on a cluster that grows line by line. No line is lost or doubled after an interruption, since the next
 * request starts at the end of the copy. A job that resumes from a checkpoint cuts off later lines; then the whole file
 * is read again.
 *
 * @param remote path of the file in the storage
 * @param closed returns true once the copy must not be changed any more
 */
record RemoteLogTail(String remote, Path local, BooleanSupplier closed) {

    /** Name of the run's file of metrics, on the cluster and on this computer. */
    static final String METRICS = "metrics.jsonl";

    /** Maximum size of a copy in bytes, enough for a million steps. */
    static final long MOST_BYTES = 256L << 20;

    /**
     * Number of bytes at the end of the copy that must be equal at the same position of the remote file; otherwise that
     * is another file.
     */
    private static final int OVERLAP = 512;

    private static final int PIECE = ResponseLimit.MOST_BYTES;

    /** No lines now, but perhaps at once, as another follower has changed the copy meanwhile. */
    private static final News AGAIN = new News(false, List.of(), true);

    private static final News NONE = new News(false, List.of(), false);

    /**
     * New lines of the file.
     *
     * @param anew true if the lines are the first ones of the file; false if they follow earlier ones
     * @param more true if there may be more lines already
     */
    record News(boolean anew, List<String> lines, boolean more) {}

    /**
     * State of the copy.
     *
     * @param size size in bytes; 0 if there is no copy
     * @param end last bytes, at most {@link #OVERLAP}
     */
    private record Copy(long size, byte[] end) {

        boolean same(Copy other) {
            return size == other.size && Arrays.equals(end, other.end);
        }
    }

    /**
     * Fetches complete lines that the copy lacks, a piece of the file at a time. If another follower of the same job
     * changes the copy meanwhile, this one leaves it as it is.
     *
     * @throws IOException if the connection is broken
     * @throws UserException if the copy cannot be written, a line is longer than an answer may be, or the file is
     *     longer than metrics may be
     * @throws org.layerwise.base.CancelledException if cancelled; the copy is then unchanged
     */
    News fetch(JobStorage storage, Progress progress) throws IOException {
        if (closed.getAsBoolean()) {
            return NONE;
        }
        Copy copy = copy();
        long have = copy.size;
        byte[] end = copy.end;
        byte[] found = storage.bytes(remote, have - end.length, PIECE);
        boolean same = found.length >= end.length && Arrays.equals(found, 0, end.length, end, 0, end.length);
        if (!same && !storage.has(remote)) {
            return NONE; // deleted on the cluster: this copy may be all that is left
        }
        if (!same) {
            byte[] all = storage.bytes(remote, 0, PIECE);
            byte[] first = whole(all, 0, storage);
            boolean written =
                    change(copy, () -> AtomicFiles.write(local, beside -> Files.write(beside, first)), progress);
            return written ? new News(true, lines(first), all.length == PIECE) : AGAIN;
        }
        byte[] more = whole(found, end.length, storage);
        if (have + more.length > MOST_BYTES) {
            throw new UserException("%s has more than %s, more than the metrics of a run have; look at the job's log."
                    .formatted(storage.there(remote), ByteSize.of(MOST_BYTES)));
        }
        if (more.length > 0 && !change(copy, () -> append(have, more), progress)) {
            return AGAIN;
        }
        return new News(have == 0, lines(more), found.length == PIECE);
    }

    private Copy copy() throws IOException {
        if (!Files.exists(local)) {
            return new Copy(0, new byte[0]);
        }
        try (RandomAccessFile file = new RandomAccessFile(local.toFile(), "r")) {
            long size = file.length();
            byte[] end = new byte[(int) Math.min(OVERLAP, size)];
            file.seek(size - end.length);
            file.readFully(end);
            return new Copy(size, end);
        }
    }

    /**
     * Changes the copy, unless it has been changed since it was read.
     *
     * @return false if it has been changed
     */
    private boolean change(Copy read, Runnable writing, Progress progress) throws IOException {
        progress.check();
        try (@Nullable FileLock turn = turn(local, progress)) {
            if (closed.getAsBoolean() || !copy().same(read)) {
                return false;
            }
            writing.run();
            return true;
        }
    }

    /**
     * Waits for the lock on writing a copy.
     *
     * @return lock, or null on a file system without locks
     * @throws UserException if the folder cannot be written
     */
    static @Nullable FileLock turn(Path local, Progress progress) {
        Path lock = local.toAbsolutePath().resolveSibling("." + local.getFileName() + ".lock");
        try {
            if (!Files.isDirectory(Folders.parent(lock))) {
                Files.createDirectories(Folders.parent(lock));
            }
            return FileLock.atFolder(lock, progress);
        } catch (IOException e) {
            throw new UserException("Cannot write %s: %s.".formatted(lock, FileErrors.reason(e)), e);
        }
    }

    /** Writes at a position, since on a file system without locks another follower may write the same lines there. */
    private void append(long have, byte[] more) {
        try (FileChannel file = FileChannel.open(local, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer left = ByteBuffer.wrap(more);
            while (left.hasRemaining()) {
                file.write(left, have + left.position());
            }
        } catch (IOException e) {
            throw new UserException("Cannot write %s: %s.".formatted(local, FileErrors.reason(e)), e);
        }
    }

    /** Returns the bytes up to the last line feed: a line that is being written is fetched when it is complete. */
    private byte[] whole(byte[] bytes, int from, JobStorage storage) {
        int to = bytes.length;
        while (to > from && bytes[to - 1] != '\n') {
            to--;
        }
        if (to == from && bytes.length == PIECE) {
            throw ResponseLimit.exceeded("A line of " + storage.there(remote));
        }
        return Arrays.copyOfRange(bytes, from, to);
    }

    private static List<String> lines(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8).lines().toList();
    }
}
