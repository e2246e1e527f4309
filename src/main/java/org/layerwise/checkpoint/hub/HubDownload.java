package org.layerwise.checkpoint.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.layerwise.base.CancelledException;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.file.WritablePaths;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.Checkpoint;

/**
 * Download of one model: downloads the missing blobs, several at a time, puts them into the snapshot, the weights last,
 * and writes the commit of the revision. An interrupted download never leaves a snapshot that seems complete, and the
 * next download continues from its point of interruption.
 */
record HubDownload(HubCache cache, HubClient client, DownloadSpace space) {

    private static final int AT_ONCE = 4;
    private static final long REPORT_MILLIS = 200;
    private static final long STOP_SECONDS = 10;

    /**
     * Downloads missing files.
     *
     * @param check check of the configuration before any weights are downloaded, if the configuration is not in the
     *     cache
     * @return the snapshot
     * @throws UserException if the disk is too full or cannot be written, or a file cannot be downloaded
     * @throws CancelledException if cancelled, or the thread was interrupted
     */
    Path run(HubPlan planned, ConfigCheck check, PauseSwitch pause, Progress progress) {
        DownloadPlan plan = planned.plan();
        try {
            if (!plan.complete()) {
                WritablePaths.requireFolder(cache.model(plan.id()));
                // huggingface_hub treats a model without this folder as broken
                Files.createDirectories(plan.snapshot().getParent());
                requireSpace(plan);
                Collection<RemoteFile> missing = missing(planned);
                checkConfig(missing, plan, check, pause, progress);
                fetch(missing, plan, pause, progress);
                link(planned, progress);
            }
            keepRevision(plan, progress);
        } catch (IOException e) {
            throw new UserException("Cannot write %s: %s.".formatted(cache.model(plan.id()), FileErrors.reason(e)), e);
        }
        progress.report(1, "%s is there".formatted(plan.id()));
        return plan.snapshot();
    }

    /**
     * Writes the commit of the revision. Only a use without the hub needs it, so a name that the cache has for another
     * revision is no failure.
     */
    private void keepRevision(DownloadPlan plan, Progress progress) throws IOException {
        Optional<Path> taken = cache.inTheWay(plan.id(), plan.revision());
        if (taken.isEmpty()) {
            cache.write(plan.id(), plan.revision(), plan.commit());
        } else {
            progress.note(
                    "The cache does not keep which commit %s of %s is, since %s is in the way; delete that to use the revision without the hub."
                            .formatted(plan.revision(), plan.id(), taken.get()));
        }
    }

    /** Downloads and checks the configuration first, so that no model is downloaded that cannot be used. */
    private void checkConfig(
            Collection<RemoteFile> missing,
            DownloadPlan plan,
            ConfigCheck check,
            PauseSwitch pause,
            Progress progress) {
        for (RemoteFile file : missing) {
            if (file.name().equals(Checkpoint.CONFIG)) {
                fetch(List.of(file), plan, pause, progress.part(0, 0));
                check.check(plan.snapshot().resolve(Checkpoint.CONFIG), Json.read(cache.blob(plan.id(), file.blob())));
            }
        }
    }

    private void requireSpace(DownloadPlan plan) throws IOException {
        long free = space.free(cache.model(plan.id()));
        if (free < plan.bytesToFetch()) {
            throw BlobDownload.full(plan.id(), plan.bytesToFetch(), free, cache);
        }
    }

    /** Returns one file for each missing content. */
    private Collection<RemoteFile> missing(HubPlan planned) throws IOException {
        DownloadPlan plan = planned.plan();
        SnapshotFiles present = cache.files(plan.id(), plan.snapshot());
        Map<String, RemoteFile> missing = new LinkedHashMap<>();
        for (RemoteFile file : planned.files()) {
            if (!present.isThere(file)) {
                present.requireOwnFolder(file);
                missing.putIfAbsent(file.blob(), file);
            }
        }
        return missing.values();
    }

    private void fetch(Collection<RemoteFile> files, DownloadPlan plan, PauseSwitch pause, Progress progress) {
        long bytes = files.stream().mapToLong(RemoteFile::size).sum();
        DownloadProgress tally = new DownloadProgress(plan.id().text(), bytes);
        BlobDownload fetch = new BlobDownload(cache, client, plan, space, pause, tally);
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE, work -> {
            Thread thread = new Thread(work, "download of " + plan.id());
            thread.setDaemon(true);
            return thread;
        });
        try {
            CompletionService<Void> running = new ExecutorCompletionService<>(threads);
            files.forEach(file -> running.submit(() -> fetch.fetch(file), null));
            for (int left = files.size(); left > 0; ) {
                progress.check();
                tally.report(progress, pause.paused());
                Future<Void> done = running.poll(REPORT_MILLIS, TimeUnit.MILLISECONDS);
                if (done != null) {
                    done.get();
                    left--;
                }
            }
        } catch (ExecutionException e) {
            throw failure(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException();
        } finally {
            tally.stop();
            stop(threads);
            tally.passNotes(progress);
        }
    }

    /**
     * Waits for the end of the threads, so that nothing is written after the caller has been told that the download
     * ended.
     */
    private static void stop(ExecutorService threads) {
        threads.shutdown();
        boolean interrupted = Thread.interrupted();
        try {
            threads.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static RuntimeException failure(ExecutionException e) {
        if (e.getCause() instanceof UserException user) {
            return user;
        }
        if (e.getCause() instanceof CancelledException cancelled) {
            return cancelled;
        }
        return new IllegalStateException(e.getCause());
    }

    private void link(HubPlan planned, Progress progress) throws IOException {
        DownloadPlan plan = planned.plan();
        SnapshotFiles present = cache.files(plan.id(), plan.snapshot());
        Map<String, Integer> uses = new HashMap<>();
        planned.files().forEach(file -> uses.merge(file.blob(), 1, Integer::sum));
        for (RemoteFile file : planned.files()) {
            if (!present.isThere(file)) {
                present.requireOwnFolder(file); // once more: the user may have put a link there meanwhile
                if (present.isBrokenOwnLink(file)) {
                    EditedFiles.replacingLink(present.path(file), file, plan.id(), progress);
                }
                EditedFiles.replacing(present.path(file), file, plan.id(), progress);
                present.put(cache.blob(plan.id(), file.blob()), file, uses.getOrDefault(file.blob(), 0) == 1);
                requireReadable(present, file);
            }
        }
    }

    private static void requireReadable(SnapshotFiles present, RemoteFile file) throws IOException {
        if (!present.isThere(file)) {
            throw new UserException(
                    "%s was fetched, but cannot be read there; check the links among the folders above it."
                            .formatted(present.path(file)));
        }
    }
}
