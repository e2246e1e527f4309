package org.layerwise.checkpoint.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileErrors;

/**
 * Download plan with the files that the hub lists.
 *
 * @param plan the plan as users see it
 * @param files the files of the plan, in the same order
 */
record HubPlan(DownloadPlan plan, List<RemoteFile> files) {

    /**
     * Plans a download; writes nothing, but may try whether links are possible.
     *
     * @throws UserException if the model has no weights that can be opened, the hub refuses a file, or the cache cannot
     *     be read
     * @throws IOException if the network failed repeatedly
     * @throws CancelledException if cancelled
     */
    static HubPlan of(ModelInfo info, HubCache cache, HubClient client, Progress progress) throws IOException {
        ModelFiles.require(client.id(), client.revision(), info, client.page());
        return of(names(info, cache, client, progress), info, cache, client, progress);
    }

    /** Plans the download of a model's configuration and tokenizer, without its weights, which may be of any format. */
    static HubPlan described(ModelInfo info, HubCache cache, HubClient client, Progress progress) throws IOException {
        ModelFiles.requireConfig(client.id(), client.revision(), info, client.page());
        return of(ModelFiles.small(info), info, cache, client, progress);
    }

    private static HubPlan of(List<String> names, ModelInfo info, HubCache cache, HubClient client, Progress progress)
            throws IOException {
        if (info.gated()) {
            client.head(info.commit(), ModelFiles.CONFIG, progress); // the list is public, the files are not
        }
        List<RemoteFile> files = new ArrayList<>();
        for (String name : names) {
            ModelInfo.Sibling file = info.file(name).orElseThrow();
            files.add(
                    file.size().isPresent() && file.etag().isPresent()
                            ? RemoteFile.of(
                                    info.commit(),
                                    name,
                                    file.size().getAsLong(),
                                    file.etag().get(),
                                    null)
                            : client.head(info.commit(), name, progress));
        }
        requireSound(files, client);
        try {
            return of(info.commit(), files, cache, client);
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(cache.model(client.id()), FileErrors.reason(e)), e);
        }
    }

    /**
     * Refuses lists that cannot be true.
     *
     * @throws UserException if two files have one content but different lengths, or all files together have more bytes
     *     than a long can count
     */
    private static void requireSound(List<RemoteFile> files, HubClient client) {
        Map<String, RemoteFile> contents = new HashMap<>();
        long bytes = 0;
        for (RemoteFile file : files) {
            RemoteFile same = contents.putIfAbsent(file.blob(), file);
            if (same != null && same.size() != file.size()) {
                throw new UserException(
                        "%s gives %s and %s of %s the same hash but different lengths; check HF_ENDPOINT."
                                .formatted(client.endpoint(), same.name(), file.name(), client.id()));
            }
            if (file.size() > Long.MAX_VALUE - bytes) {
                throw new UserException("%s lists more bytes of %s than any disk holds; check HF_ENDPOINT."
                        .formatted(client.endpoint(), client.id()));
            }
            bytes += file.size();
        }
    }

    /** Returns the plan for a complete snapshot, if the hub cannot be reached. */
    static DownloadPlan local(HubId id, String revision, Path snapshot) {
        try (Stream<Path> found = Files.list(snapshot)) {
            List<DownloadPlan.PlannedFile> files = new ArrayList<>();
            for (Path file : found.filter(Files::isRegularFile).sorted().toList()) {
                long size = Files.size(file);
                files.add(new DownloadPlan.PlannedFile(file.getFileName().toString(), size, size));
            }
            return new DownloadPlan(id, revision, snapshot.getFileName().toString(), snapshot, files, true);
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(snapshot, FileErrors.reason(e)), e);
        }
    }

    /**
     * Returns the names of the files in the order in which they are put into the snapshot: the file that makes the
     * snapshot complete comes last.
     */
    private static List<String> names(ModelInfo info, HubCache cache, HubClient client, Progress progress)
            throws IOException {
        List<String> names = new ArrayList<>(ModelFiles.small(info));
        if (ModelFiles.isSingle(info)) {
            names.add(ModelFiles.SINGLE);
        } else {
            names.addAll(ModelFiles.shards(client.id(), info, index(info, cache, client, progress)));
            names.add(ModelFiles.INDEX);
        }
        return names;
    }

    private static byte[] index(ModelInfo info, HubCache cache, HubClient client, Progress progress)
            throws IOException {
        ModelInfo.Sibling listed = info.file(ModelFiles.INDEX).orElseThrow();
        List<Path> places = new ArrayList<>(
                List.of(cache.snapshot(client.id(), info.commit()).resolve(ModelFiles.INDEX)));
        listed.etag()
                .ifPresent(etag ->
                        places.add(cache.blob(client.id(), RemoteFile.blob(info.commit(), ModelFiles.INDEX, etag))));
        for (Path there : places) {
            long size = listed.size().orElse(-1);
            if (size <= ModelFiles.MOST_INDEX_BYTES && SnapshotLinks.isThere(there, size)) {
                return Files.readAllBytes(there);
            }
        }
        return client.bytes(info.commit(), ModelFiles.INDEX, ModelFiles.MOST_INDEX_BYTES, progress);
    }

    private static HubPlan of(String commit, List<RemoteFile> files, HubCache cache, HubClient client)
            throws IOException {
        HubId id = client.id();
        Path snapshot = cache.snapshot(id, commit);
        SnapshotFiles present = cache.files(id, snapshot);
        List<DownloadPlan.PlannedFile> planned = new ArrayList<>();
        Set<String> counted = new HashSet<>();
        boolean complete = true;
        for (RemoteFile file : files) {
            boolean there = present.isThere(file);
            complete &= there;
            Path blob = cache.blob(id, file.blob());
            boolean fetched = there || SnapshotLinks.isThere(blob, file.size()) || !counted.add(file.blob());
            long bytesThere = fetched ? file.size() : partSize(BlobDownload.part(blob), file.size());
            planned.add(new DownloadPlan.PlannedFile(file.name(), file.size(), bytesThere));
        }
        return new HubPlan(
                new DownloadPlan(id, client.revision(), commit, snapshot, planned, complete), List.copyOf(files));
    }

    private static long partSize(Path part, long size) throws IOException {
        return Files.isRegularFile(part) ? Math.min(Files.size(part), size) : 0;
    }
}
