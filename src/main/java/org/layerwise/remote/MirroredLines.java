package org.layerwise.remote;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.layerwise.base.UserException;
import org.layerwise.base.WholeFiles;

/**
 * A copy of a file that grows line by line elsewhere. No line is lost and none doubled, whatever breaks in between: what is asked for
 * next follows from what is here. A job that goes on from a checkpoint cuts off what came after it; then the file is read anew.
 */
final class MirroredLines {

    /** So much of what is here must be there at the same place, or the file is another one. */
    private static final int OVERLAP = 512;

    private final String remote;
    private final Path local;

    /** @param remote in the storage */
    MirroredLines(String remote, Path local) {
        this.remote = remote;
        this.local = local;
    }

    /**
     * What has come.
     *
     * @param anew whether the lines are all that there are, instead of those that follow
     */
    record News(boolean anew, List<String> lines) {}

    /**
     * Fetches whole lines that are not here yet.
     *
     * @throws IOException if the way there is broken
     * @throws UserException if the copy cannot be written
     */
    News fetch(Storage storage) throws IOException {
        long have = Files.exists(local) ? Files.size(local) : 0;
        byte[] end = end(have);
        byte[] found = storage.bytes(remote, have - end.length);
        boolean same = found.length >= end.length && Arrays.equals(found, 0, end.length, end, 0, end.length);
        if (!same) {
            byte[] all = whole(storage.bytes(remote, 0), 0);
            WholeFiles.write(local, beside -> Files.write(beside, all));
            return new News(true, lines(all));
        }
        byte[] more = whole(found, end.length);
        if (more.length > 0) {
            append(more);
        }
        return new News(have == 0, lines(more));
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

    /** Up to the last line feed: a line that is being written is taken when it is whole. */
    private static byte[] whole(byte[] bytes, int from) {
        int to = bytes.length;
        while (to > from && bytes[to - 1] != '\n') {
            to--;
        }
        return Arrays.copyOfRange(bytes, from, to);
    }

    private static List<String> lines(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8).lines().toList();
    }
}
