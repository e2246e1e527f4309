package org.layerwise.checkpoint.hub;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.testing.FakeHub;

/** Hubs that wait less than real ones, for tests. */
final class Hubs {

    static final HubId ID = new HubId("org/tiny-model");

    /** Check that accepts every model. */
    static final ConfigCheck ANY = (file, config) -> {};

    /** Settings without proxies, so that Java's own settings apply. */
    static final HubProxies NO_PROXIES = new HubProxies(Optional.empty(), Optional.empty(), List.of());

    private Hubs() {}

    /** Silent servers are noticed soon. */
    static Timeouts quick() {
        return new Timeouts(
                Duration.ofSeconds(5),
                Duration.ofSeconds(1),
                Duration.ofMillis(300),
                1000,
                Duration.ofMillis(10),
                Duration.ofMillis(100),
                4);
    }

    /** Silent servers are waited for as long as a test may take, so that only cancelling helps. */
    static Timeouts endless() {
        return new Timeouts(
                Duration.ofMinutes(5),
                Duration.ofMinutes(5),
                Duration.ofMinutes(5),
                1,
                Duration.ofMinutes(5),
                Duration.ofMinutes(5),
                4);
    }

    static HubSettings settings(URI endpoint, Path cache) {
        return new HubSettings(cache, endpoint, Optional.empty(), Optional.empty(), false, NO_PROXIES);
    }

    static Hub hub(FakeHub fake, Path cache) {
        return hub(settings(fake.endpoint(), cache));
    }

    static Hub hub(HubSettings settings) {
        return new Hub(settings, quick(), DownloadSpace.real(), SnapshotLinks.symbolic());
    }

    static HubCache cache(Path folder) {
        return new HubCache(folder, SnapshotLinks.symbolic());
    }

    /** Returns the snapshot of a revision, if it has everything that is needed to open it. */
    static Optional<Path> cached(Path cache, String revision) {
        return cache(cache).cached(ID, revision);
    }

    /** Returns true if at least one snapshot can be opened. */
    static boolean usable(CachedModel model) {
        return model.snapshots().stream().anyMatch(CachedSnapshot::usable);
    }

    static Path download(Hub hub) {
        return hub.download(ID, "main", ANY, new PauseSwitch(), Progress.none());
    }
}
