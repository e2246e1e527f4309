package org.layerwise.checkpoint.hub;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.layerwise.base.ByteSize;
import org.layerwise.base.CancelledException;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.file.FileLock;

/**
 * Downloads blobs into the cache. The next download continues from the part that an interrupted or cancelled download
 * leaves; a blob gets its final name only if its hash is right.
 *
 * <p>The part has a name of its own, not huggingface_hub's {@code ETAG.incomplete}: on Linux, Python's locks (flock)
 * and Java's (fcntl) do not exclude each other, so both programs could write into one file.
 */
record BlobDownload(
        HubCache cache,
        HubClient client,
        DownloadPlan plan,
        DownloadSpace space,
        PauseSwitch pause,
        DownloadProgress tally) {

    private static final String PART = ".layerwise.incomplete";
    private static final Pattern RANGE = Pattern.compile("bytes (\\d{1,18})-\\d{1,18}/(\\d{1,18}|\\*)");

    /** Values of Content-Encoding that do not change the bytes; some stores keep the last one from an upload. */
    private static final Set<String> AS_IT_IS = Set.of("", "identity", "aws-chunked");

    /** Returns the path of the part that an interrupted download of a blob leaves. */
    static Path part(Path blob) {
        return blob.resolveSibling(blob.getFileName() + PART);
    }

    /**
     * Downloads the blob of one file, if it is not in the cache.
     *
     * @throws UserException if the hub refuses it, the network fails repeatedly, the content is wrong repeatedly or the
     *     disk is full
     * @throws CancelledException if cancelled; the bytes received so far remain as a part
     */
    void fetch(RemoteFile file) {
        Path blob = cache.blob(plan.id(), file.blob());
        Path lock = cache.lock(plan.id(), file.blob());
        try {
            Files.createDirectories(blob.getParent());
            Files.createDirectories(lock.getParent());
            String waiting = "Waiting for another program that downloads " + file.name();
            try (FileLock turn = FileLock.take(lock, waiting, tally)) {
                if (!SnapshotLinks.isThere(blob, file.size())) {
                    HubCache.deleteLink(part(blob));
                    fetchVerified(file, part(blob));
                    EditedFiles.replacing(blob, file, plan.id(), tally);
                    Files.move(part(blob), blob, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                }
            }
            tally.at(file.blob(), file.size());
        } catch (IOException e) {
            throw cannotWrite(blob, file, e);
        }
    }

    private void fetchVerified(RemoteFile file, Path part) throws IOException {
        for (boolean again : List.of(true, false)) {
            fetchAll(file, part);
            tally.report(0, "Checking " + file.name());
            if (ContentHash.matches(part, file, tally)) {
                return;
            }
            Files.delete(part);
            tally.at(file.blob(), 0);
            if (again) {
                tally.report(0, "%s came damaged; fetching it again".formatted(file.name()));
            }
        }
        throw new UserException(
                "%s of %s came damaged twice: its hash is not the one that %s lists; try again later or over another network."
                        .formatted(file.name(), plan.id(), client.endpoint()));
    }

    /** Downloads until the part has the length of the file. */
    private void fetchAll(RemoteFile file, Path part) throws IOException {
        RetryCounter attempts = new RetryCounter(client.patience());
        long furthest = 0;
        while (true) {
            pause.await(tally);
            long from = Files.exists(part) ? Files.size(part) : 0;
            if (from == file.size() && Files.exists(part)) {
                return;
            }
            if (from >= furthest + client.patience().leastBytes()) {
                // no progress if a server always cuts at the same byte, or sends only a few bytes each time
                attempts.succeeded();
                furthest = from;
            }
            try {
                download(file, part, from > file.size() ? 0 : from);
            } catch (IOException e) {
                retryLater(attempts, file, e);
            }
        }
    }

    private void retryLater(RetryCounter attempts, RemoteFile file, IOException failure) {
        try {
            attempts.failed(failure, file.name(), tally);
        } catch (IOException e) {
            throw new UserException(
                    "The download of %s of %s was interrupted again and again (%s: %s); start it again later, and it goes on where it stopped."
                            .formatted(file.name(), plan.id(), client.endpoint().getHost(), NetworkErrors.reason(e)),
                    e);
        }
    }

    private void download(RemoteFile file, Path part, long from) throws IOException {
        try (HubHttp.Reply reply = client.open(plan.commit(), file.name(), from, tally)) {
            long position = start(reply, from, file);
            try (RandomAccessFile out = open(part, position, file)) {
                tally.at(file.blob(), position);
                while (true) {
                    pause.await(tally);
                    List<ByteBuffer> buffers = reply.body().next(tally);
                    if (buffers.isEmpty()) {
                        break;
                    }
                    for (ByteBuffer buffer : buffers) {
                        position += write(out, buffer, file, part, position);
                    }
                    tally.at(file.blob(), position);
                }
            }
            if (position < file.size()) {
                throw new IOException("it ended after %s of %s bytes".formatted(position, file.size()));
            }
        }
    }

    /** Returns the position in the file at which the received bytes start. */
    private long start(HubHttp.Reply reply, long from, RemoteFile file) throws IOException {
        if (file.isOther(reply.hub())) {
            Files.deleteIfExists(part(cache.blob(plan.id(), file.blob())));
            throw new IOException("its ETag is no longer %s, so it has changed".formatted(file.etag()));
        }
        if (reply.status() == 200 || reply.status() == 206) { // an error's page may be compressed
            requireUnencoded(reply, file);
        }
        if (reply.status() == 200) {
            long length = reply.headers().firstValueAsLong("Content-Length").orElse(file.size());
            if (length != file.size()) {
                throw new IOException("it has %s bytes, not %s as listed".formatted(length, file.size()));
            }
            return 0;
        }
        Matcher range =
                RANGE.matcher(reply.headers().firstValue("Content-Range").orElse(""));
        if (reply.status() == 206
                && range.matches()
                && Long.parseLong(range.group(1)) == from
                && (range.group(2).equals("*") || Long.parseLong(range.group(2)) == file.size())) {
            return from;
        }
        // status 416, or another range: only a new start helps
        Files.deleteIfExists(part(cache.blob(plan.id(), file.blob())));
        throw new IOException("it answers with %s to bytes from %s on".formatted(reply.status(), from));
    }

    /** Refuses compressed bytes, which may have the listed length and then would be taken for the file. */
    private void requireUnencoded(HubHttp.Reply reply, RemoteFile file) {
        reply.headers()
                .firstValue("Content-Encoding")
                .map(encoding -> encoding.strip().toLowerCase(Locale.ROOT))
                .filter(encoding -> !AS_IT_IS.contains(encoding))
                .ifPresent(encoding -> {
                    throw new UserException(
                            "%s gives %s of %s with the encoding %s instead of as it is; check HF_ENDPOINT."
                                    .formatted(client.endpoint(), file.name(), plan.id(), encoding));
                });
    }

    private RandomAccessFile open(Path part, long position, RemoteFile file) {
        try {
            RandomAccessFile out = new RandomAccessFile(part.toFile(), "rw");
            out.setLength(position);
            out.seek(position);
            return out;
        } catch (IOException e) {
            throw cannotWrite(part, file, e);
        }
    }

    private int write(RandomAccessFile out, ByteBuffer buffer, RemoteFile file, Path part, long position)
            throws IOException {
        int count = buffer.remaining();
        if (position + count > file.size()) {
            Files.deleteIfExists(part);
            throw new IOException("it has more bytes than the %s that are listed".formatted(file.size()));
        }
        byte[] bytes = new byte[count];
        buffer.get(bytes);
        try {
            out.write(bytes);
        } catch (IOException e) {
            throw cannotWrite(part, file, e);
        }
        tally.received(count);
        return count;
    }

    /**
     * Returns the exception for a file that cannot be written; recognises a full disk by the free space, since the
     * system's message depends on its language.
     */
    private UserException cannotWrite(Path path, RemoteFile file, IOException failure) {
        Path folder = cache.model(plan.id());
        try {
            Path part = part(cache.blob(plan.id(), file.blob()));
            long missing = file.size() - (Files.exists(part) ? Files.size(part) : 0);
            long free = space.free(folder);
            if (free < missing) {
                return full(plan.id(), missing, free, cache);
            }
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
        return new UserException("Cannot write %s: %s.".formatted(path, FileErrors.reason(failure)), failure);
    }

    /** Returns the exception for a disk without enough space. */
    static UserException full(HubId id, long needed, long free, HubCache cache) {
        return new UserException(
                "The disk of %s is too full for %s: %s more are needed and %s are free; free some space, or set HF_HUB_CACHE to a folder on another disk."
                        .formatted(cache.folder(), id, ByteSize.of(needed), ByteSize.of(free)));
    }
}
