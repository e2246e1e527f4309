package org.layerwise.remote;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.layerwise.base.AnswerLimit;
import org.layerwise.base.ByteWords;
import org.layerwise.base.UserException;
import org.layerwise.base.WholeFiles;

/**
 * Copy of a file on a cluster that grows line by line. No line is lost or doubled after an interruption, since the next
 * request starts at the end of the copy. A job that resumes from a checkpoint cuts off later lines; then the whole file
 * is read again.
 */
final class MirroredLines {

    /** Name of the run's file of metrics, on the cluster and on this computer. */
    static final String METRICS = "metrics.jsonl";

    /** Maximum size of a copy in bytes, enough for a million steps. */
    static final long MOST_BYTES = 256L << 20;

    /**
     * Number of bytes at the end of the copy that must be equal at the same position of the remote file; otherwise that
     * is another file.
     */
    private static final int OVERLAP = 512;

    private static final int PIECE = AnswerLimit.MOST_BYTES;

    private final String remote;
    private final Path local;

    /**
     * Creates a copy.
     *
     * @param remote path of the file in the storage
     */
    MirroredLines(String remote, Path local) {
        this.remote = remote;
        this.local = local;
    }

    /**
     * New lines of the file.
     *
     * @param anew true if the lines are the first ones of the file; false if they follow earlier ones
     * @param more true if there may be more lines already
     */
    record News(boolean anew, List<String> lines, boolean more) {}

    /**
     * Fetches complete lines that the copy lacks, a piece of the file at a time.
     *
     * @throws IOException if the connection is broken
     * @throws UserException if the copy cannot be written, a line is longer than an answer may be, or the file is
     *     longer than metrics may be
     */
    News fetch(Storage storage) throws IOException {
        long have = Files.exists(local) ? Files.size(local) : 0;
        byte[] end = end(have);
        byte[] found = storage.bytes(remote, have - end.length, PIECE);
        boolean same = found.length >= end.length && Arrays.equals(found, 0, end.length, end, 0, end.length);
        if (!same && !storage.has(remote)) {
            return new News(false, List.of(), false); // deleted on the cluster: this copy may be all that is left
        }
        if (!same) {
            byte[] all = storage.bytes(remote, 0, PIECE);
            byte[] first = whole(all, 0, storage);
            WholeFiles.write(local, beside -> Files.write(beside, first));
            return new News(true, lines(first), all.length == PIECE);
        }
        byte[] more = whole(found, end.length, storage);
        if (have + more.length > MOST_BYTES) {
            throw new UserException("%s has more than %s, more than the metrics of a run have; look at the job's log."
                    .formatted(storage.there(remote), ByteWords.of(MOST_BYTES)));
        }
        if (more.length > 0) {
            append(more);
        }
        return new News(have == 0, lines(more), found.length == PIECE);
    }

    private byte[] end(long have) throws IOException {
        int length = (int) Math.min(OVERLAP, have);
        byte[] end = new byte[length];
        if (length > 0) {
            try (RandomAccessFile file = new RandomAccessFile(local.toFile(), "r")) {
                file.seek(have - length);
                file.readFully(end);
            }
        }
        return end;
    }

    private void append(byte[] more) {
        try {
            Files.createDirectories(local.toAbsolutePath().getParent());
            Files.write(local, more, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UserException("Cannot write %s: %s.".formatted(local, WholeFiles.reason(e)), e);
        }
    }

    /** Returns the bytes up to the last line feed: a line that is being written is fetched when it is complete. */
    private byte[] whole(byte[] bytes, int from, Storage storage) {
        int to = bytes.length;
        while (to > from && bytes[to - 1] != '\n') {
            to--;
        }
        if (to == from && bytes.length == PIECE) {
            throw AnswerLimit.exceeded("A line of " + storage.there(remote));
        }
        return Arrays.copyOfRange(bytes, from, to);
    }

    private static List<String> lines(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8).lines().toList();
    }
}
