package org.layerwise.checkpoint.hub;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import org.layerwise.base.CancelledException;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileErrors;

/**
 * Access to models of the HuggingFace hub through the cache that Python's huggingface_hub also uses. Safe to share
 * between threads; several programs may use one cache at the same time.
 */
public final class Hub {

    private final HubSettings settings;
    private final HubCache cache;
    private final Timeouts patience;
    private final DownloadSpace space;
    private final HubHttp http;
    private final Set<Path> told = ConcurrentHashMap.newKeySet();

    /** Creates a hub with the given waits, disk and links, for tests. */
    Hub(HubSettings settings, Timeouts patience, DownloadSpace space, SnapshotLinks links) {
        this.settings = settings;
        this.cache = new HubCache(settings.cache(), links);
        this.patience = patience;
        this.space = space;
        this.http = new HubHttp(settings, patience);
    }

    /** Returns the hub and the cache of the given settings. */
    public static Hub of(HubSettings settings) {
        return new Hub(settings, Timeouts.usual(), DownloadSpace.real(), SnapshotLinks.symbolic());
    }

    /** Returns the folder of the cache. */
    public Path cache() {
        return cache.folder();
    }

    /**
     * Returns all models of the cache, by name, including broken ones with the reason. Needs no network.
     *
     * @throws UserException if the cache's folder cannot be read
     */
    public List<CachedModel> models() {
        return cache.models();
    }

    /**
     * Returns the plan of {@link #download}. Writes nothing. If the hub cannot be reached, this is a plan of the
     * snapshot in the cache.
     *
     * @param revision a branch, a tag, a commit or a pull request such as {@code refs/pr/1}
     * @throws UserException if there is no such model or revision, this user has no access, the model has no
     *     safetensors weights, or the hub cannot be reached and the model is not in the cache
     * @throws CancelledException if cancelled, or the thread was interrupted
     */
    public DownloadPlan plan(HubId id, String revision, Progress progress) {
        return planned(client(id, revision), HubPlan::of, cache::cached, progress)
                .plan();
    }

    /**
     * Makes sure that the cache contains the model as the hub has it at present, and downloads missing files. If the
     * hub cannot be reached, the snapshot in the cache is used. The next download reuses the bytes of an interrupted or
     * cancelled download. A file of the user in the snapshot is kept, used and told in a remark.
     *
     * @param check check of the configuration; weights of a model that fails it are not downloaded
     * @param pause pauses the download
     * @return the snapshot's folder
     * @throws UserException as {@link #plan}; or if the disk is full or cannot be written, or the network fails
     * @throws CancelledException if cancelled, or the thread was interrupted
     */
    public Path download(HubId id, String revision, ConfigCheck check, PauseSwitch pause, Progress progress) {
        return fetch(id, revision, check, HubPlan::of, cache::cached, pause, progress);
    }

    /**
     * Makes sure that the cache contains the configuration and tokenizer of a model. Weights are not downloaded, but
     * kept if they are in the cache. Otherwise works as {@link #download}.
     */
    public Path describe(HubId id, String revision, ConfigCheck check, PauseSwitch pause, Progress progress) {
        return fetch(id, revision, check, HubPlan::described, cache::described, pause, progress);
    }

    /** Planning of a download. */
    @FunctionalInterface
    private interface Planning {
        HubPlan of(ModelInfo info, HubCache cache, HubClient client, Progress progress) throws IOException;
    }

    private Path fetch(
            HubId id,
            String revision,
            ConfigCheck check,
            Planning planning,
            BiFunction<HubId, String, Optional<Path>> cached,
            PauseSwitch pause,
            Progress progress) {
        HubClient client = client(id, revision);
        HubPlan planned = planned(client, planning, cached, progress);
        if (planned.files().isEmpty()) {
            return planned.plan().snapshot();
        }
        Path snapshot = new HubDownload(cache, client, space).run(planned, check, pause, progress);
        tellDifferent(id, snapshot, planned.files(), progress);
        return snapshot;
    }

    /** Names files of the user that are used in place of the hub's, each once. */
    private void tellDifferent(HubId id, Path snapshot, List<RemoteFile> files, Progress progress) {
        try {
            for (Path file : cache.files(id, snapshot).different(files, progress)) {
                if (told.add(file)) {
                    progress.note(
                            "%s is not the file of %s that the hub lists; it is used as it is, and deleting it fetches the hub's."
                                    .formatted(file, id));
                }
            }
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(snapshot, FileErrors.reason(e)), e);
        }
    }

    private HubClient client(HubId id, String revision) {
        return new HubClient(settings, patience, http, id, Revisions.require(revision));
    }

    private HubPlan planned(
            HubClient client, Planning planning, BiFunction<HubId, String, Optional<Path>> cached, Progress progress) {
        HubId id = client.id();
        Optional<HubPlan> local = cached.apply(id, client.revision())
                .map(snapshot -> new HubPlan(HubPlan.local(id, client.revision(), snapshot), List.of()));
        if (settings.offline()) {
            return local.orElseThrow(() -> new UserException(
                    "%s (%s) is not complete in %s, and the hub must not be asked; unset HF_HUB_OFFLINE and TRANSFORMERS_OFFLINE to download it."
                            .formatted(id, client.revision(), cache.folder())));
        }
        progress.report(
                Progress.UNKNOWN,
                "Asking %s for %s".formatted(settings.endpoint().getHost(), id));
        ModelInfo info;
        try {
            info = client.info(progress);
        } catch (IOException e) {
            return local.orElseThrow(() -> client.unreachable(e));
        } catch (UserException e) {
            // as in huggingface_hub: a model in the cache remains usable, even if its licence or the token has changed
            return local.orElseThrow(() -> e);
        }
        try {
            return planning.of(info, cache, client, progress);
        } catch (IOException e) {
            return local.orElseThrow(() -> client.unreachable(e));
        }
    }
}
