package org.layerwise.checkpoint.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.layerwise.testing.FakeHub.damaged;
import static org.layerwise.testing.FakeHub.noSuchRange;
import static org.layerwise.testing.FakeHub.status;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.CancelledException;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.testing.CancelledProgress;
import org.layerwise.testing.FakeHub;
import org.layerwise.testing.FakeRepo;

/** Downloads from hubs and networks that misbehave. */
@Timeout(60)
class HubFaultsTest {

    private static final String WEIGHTS = "model.safetensors";
    private static final int SIZE = 400_000;
    private static final int SOME = 150_000;

    @TempDir
    Path cache;

    private FakeHub fake;
    private FakeRepo repo;

    @BeforeEach
    void start() {
        fake = FakeHub.start();
        byte[] weights = new byte[SIZE];
        new Random(1).nextBytes(weights);
        repo = fake.add(new FakeRepo(Hubs.ID.text()).small("config.json", "{}").large(WEIGHTS, weights));
    }

    @AfterEach
    void stop() {
        fake.close();
    }

    @Test
    void aCutConnectionGoesOnWhereItStopped() {
        fake.lay(WEIGHTS, cut(), cut());
        assertDownloads();
        assertThat(fake.served(WEIGHTS)).isEqualTo(SIZE);
        assertThat(fake.requests())
                .extracting(FakeHub.Request::range)
                .contains("bytes=%s-".formatted(SOME), "bytes=%s-".formatted(2 * SOME));
    }

    @Test
    void aServerThatFallsSilentIsAskedAgain() {
        fake.lay(WEIGHTS, fake.silentAfter(SOME));
        assertDownloads();
        assertThat(fake.served(WEIGHTS)).isEqualTo(SIZE);
    }

    @Test
    void anIgnoredRangeStartsOver() {
        fake.lay(WEIGHTS, cut(), fake.ignoringRange());
        assertDownloads();
        assertThat(fake.served(WEIGHTS)).isEqualTo(SIZE + SOME);
    }

    @Test
    void aRefusedRangeStartsOver() {
        fake.lay(WEIGHTS, cut(), noSuchRange());
        assertDownloads();
    }

    @Test
    void aPartThatIsTooLongStartsOver() throws IOException {
        Path blob = Hubs.cache(cache).blob(Hubs.ID, repo.file(WEIGHTS).etag());
        Files.createDirectories(blob.getParent());
        Files.write(BlobDownload.part(blob), new byte[SIZE + 1]);
        assertDownloads();
    }

    @Test
    void aPartOfSomethingElseIsFoundOutByItsHash() throws IOException {
        Path blob = Hubs.cache(cache).blob(Hubs.ID, repo.file(WEIGHTS).etag());
        Files.createDirectories(blob.getParent());
        Files.write(BlobDownload.part(blob), new byte[SOME]);
        assertDownloads();
        assertThat(fake.served(WEIGHTS)).isEqualTo(SIZE - SOME + SIZE);
    }

    @Test
    void damagedFilesAreFetchedOnceMore() {
        fake.lay(WEIGHTS, damaged());
        fake.lay("config.json", damaged());
        assertDownloads();
    }

    @Test
    void aFileThatStaysDamagedIsRefusedAndLeavesNothing() {
        fake.lay(WEIGHTS, damaged(), damaged());
        assertRefused(hub())
                .hasMessageContainingAll(
                        "model.safetensors of org/tiny-model came damaged twice",
                        fake.endpoint().toString());
        Path blob = Hubs.cache(cache).blob(Hubs.ID, repo.file(WEIGHTS).etag());
        assertThat(blob).doesNotExist();
        assertThat(BlobDownload.part(blob)).doesNotExist();
        assertThat(Hubs.cached(cache, "main")).isEmpty();
        assertDownloads();
    }

    @Test
    void aHashInCapitalLettersIsCompared() {
        String lower = repo.file(WEIGHTS).etag();
        repo.inCapitals(WEIGHTS, repo.file(WEIGHTS).bytes());
        fake.lay(WEIGHTS, damaged(), damaged());

        assertRefused(hub()).hasMessageContaining("model.safetensors of org/tiny-model came damaged twice");
        assertDownloads();
        assertThat(Hubs.cache(cache).blob(Hubs.ID, lower)).exists();
    }

    @Test
    void aBusyServerIsWaitedFor() {
        fake.lay(Hubs.ID.text(), status(503), status(429, "Retry-After", "1"));
        fake.lay(
                WEIGHTS,
                status(503, "Retry-After", "100000"),
                status(500),
                status(429, "Retry-After", "Wed, 21 Oct 2015 07:28:00 GMT"));
        assertDownloads();
    }

    @Test
    void aServerThatIsBusyFromTheStartIsNotCalledUnreachable() {
        fake.lay(Hubs.ID.text(), status(429), status(429), status(429), status(429));
        assertRefused(hub()).hasMessageContainingAll("does not serve", Hubs.ID.text(), "too many requests", "later");
    }

    @Test
    void aServerThatStaysBusyIsGivenUpAndTheRestKept() {
        fake.lay(WEIGHTS, cut(), status(503), status(503), status(503), status(503));
        assertRefused(hub())
                .hasMessageContainingAll(
                        "was interrupted again and again", "503", "start it again later, and it goes on where");
        assertThat(hub().plan(Hubs.ID, "main", Progress.none()).bytesToFetch()).isEqualTo(SIZE - SOME);
        assertDownloads();
        assertThat(fake.served(WEIGHTS)).isEqualTo(SIZE);
    }

    @Test
    void cancellingEndsWhileTheServerIsSilentAndTheRestIsFetchedLater() {
        fake.lay(WEIGHTS, fake.silentAfter(SOME));
        AtomicBoolean cancelled = new AtomicBoolean();
        Hub patient = patient();
        CompletableFuture<Path> download = CompletableFuture.supplyAsync(
                () -> patient.download(Hubs.ID, "main", Hubs.ANY, new PauseSwitch(), progress(cancelled)));
        await(() -> hub().plan(Hubs.ID, "main", Progress.none()).bytesToFetch() == SIZE - SOME);

        cancelled.set(true);

        assertThatThrownBy(download::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(CancelledException.class);
        assertThat(Hubs.cached(cache, "main")).isEmpty();
        assertThat(hub().models()).singleElement().satisfies(model -> {
            assertThat(Hubs.usable(model)).isFalse();
            assertThat(model.problem().orElseThrow()).contains("its download was cut");
        });
        assertDownloads();
        assertThat(fake.served(WEIGHTS)).isEqualTo(SIZE);
    }

    @Test
    void cancellingEndsWhileTheHubDoesNotAnswer() {
        fake.lay(Hubs.ID.text(), fake.hanging());
        AtomicBoolean cancelled = new AtomicBoolean();
        Hub patient = patient();
        CompletableFuture<DownloadPlan> plan =
                CompletableFuture.supplyAsync(() -> patient.plan(Hubs.ID, "main", progress(cancelled)));
        await(() -> !fake.requests().isEmpty());
        cancelled.set(true);
        assertThatThrownBy(plan::join).hasCauseInstanceOf(CancelledException.class);
    }

    @Test
    void cancellingEndsAWaitForABusyServer() {
        fake.lay(WEIGHTS, status(503));
        AtomicBoolean cancelled = new AtomicBoolean();
        Hub patient = patient();
        CompletableFuture<Path> download = CompletableFuture.supplyAsync(
                () -> patient.download(Hubs.ID, "main", Hubs.ANY, new PauseSwitch(), progress(cancelled)));
        await(() -> fake.requests().stream().anyMatch(request -> request.path().endsWith(WEIGHTS)));
        cancelled.set(true);
        assertThatThrownBy(download::join).hasCauseInstanceOf(CancelledException.class);
    }

    @Test
    void anInterruptCancels() throws InterruptedException {
        fake.lay(WEIGHTS, fake.hanging());
        Hub patient = patient();
        AtomicBoolean stopped = new AtomicBoolean();
        Thread thread = new Thread(() -> {
            try {
                patient.download(Hubs.ID, "main", Hubs.ANY, new PauseSwitch(), Progress.none());
            } catch (CancelledException e) {
                stopped.set(Thread.currentThread().isInterrupted());
            }
        });
        thread.start();
        await(() -> fake.requests().stream().anyMatch(request -> request.path().endsWith(WEIGHTS)));
        thread.interrupt();
        thread.join();
        assertThat(stopped).isTrue();
    }

    @Test
    void aPauseHoldsItUp() {
        PauseSwitch pause = new PauseSwitch();
        pause.pause();
        AtomicLong reports = new AtomicLong();
        CompletableFuture<Path> download =
                CompletableFuture.supplyAsync(() -> hub().download(Hubs.ID, "main", Hubs.ANY, pause, new Progress() {
                    @Override
                    public void report(double fraction, String message) {
                        if (message.startsWith("Paused: org/tiny-model")) {
                            reports.incrementAndGet();
                        }
                    }

                    @Override
                    public boolean cancelled() {
                        return false;
                    }
                }));
        await(() -> reports.get() > 2);
        assertThat(fake.served(WEIGHTS)).isZero();
        assertThat(download).isNotDone();

        pause.resume();

        assertThat(download.join()).isDirectoryContaining("glob:**/" + WEIGHTS);
    }

    @Test
    void twoAtOnceFetchEachFileOnce() {
        fake.lay(WEIGHTS, cut());
        CompletableFuture<Path> other = CompletableFuture.supplyAsync(() -> Hubs.download(hub()));
        assertDownloads();
        assertThat(other.join().resolve(WEIGHTS))
                .hasBinaryContent(repo.file(WEIGHTS).bytes());
        assertThat(fake.served(WEIGHTS)).isEqualTo(SIZE);
    }

    @Test
    void aDiskThatFillsUpWhileItIsWrittenIsToldAsFull() throws IOException {
        // a folder in the way stands for the write that fails
        Path blob = Hubs.cache(cache).blob(Hubs.ID, repo.file(WEIGHTS).etag());
        Files.createDirectories(BlobDownload.part(blob).resolve("in-the-way"));
        AtomicLong asked = new AtomicLong();
        DownloadSpace shrinking = folder -> asked.incrementAndGet() == 1 ? Long.MAX_VALUE : 5000;
        assertRefused(new Hub(settings(), Hubs.quick(), shrinking, SnapshotLinks.symbolic()))
                .hasMessageContainingAll("is too full for org/tiny-model", "4.9 KiB are free");
    }

    @Test
    void aPlaceThatCannotBeWrittenIsToldBeforeTheDownload() throws IOException {
        Files.writeString(cache.resolve(Hubs.ID.folderName()), "in the way");
        assertRefused(hub()).hasMessageContainingAll("Cannot write into", "is a file, not a folder");
        assertThat(fake.served(WEIGHTS)).isZero();
    }

    @Test
    void aFullDiskIsToldBeforeTheDownload() {
        Hub full = new Hub(settings(), Hubs.quick(), folder -> 100_000, SnapshotLinks.symbolic());
        assertRefused(full)
                .hasMessageContainingAll(
                        "is too full for org/tiny-model: 391 KiB more are needed and 98 KiB are free", "HF_HUB_CACHE");
        assertThat(fake.served(WEIGHTS)).isZero();
    }

    @Test
    void noNetwork() {
        HubSettings nowhere = Hubs.settings(URI.create("http://127.0.0.1:1"), cache);
        assertRefused(Hubs.hub(nowhere))
                .hasMessage("Cannot reach http://127.0.0.1:1: there is no connection; check the network,"
                        + " or set HF_HUB_OFFLINE=1 to use only the models in the cache.");
        Path snapshot = Hubs.download(hub());
        assertThat(Hubs.download(Hubs.hub(nowhere))).isEqualTo(snapshot);
    }

    @Test
    void anUnknownHost() {
        HubSettings nowhere = Hubs.settings(URI.create("http://hub.invalid"), cache);
        assertRefused(Hubs.hub(nowhere)).hasMessageContaining("Cannot reach http://hub.invalid: ");
    }

    private FakeHub.Fault cut() {
        Path part = BlobDownload.part(
                Hubs.cache(cache).blob(Hubs.ID, repo.file(WEIGHTS).etag()));
        return fake.cutAfter(SOME, end -> part.toFile().length() >= end);
    }

    private HubSettings settings() {
        return Hubs.settings(fake.endpoint(), cache);
    }

    private Hub hub() {
        return Hubs.hub(settings());
    }

    private Hub patient() {
        return new Hub(settings(), Hubs.endless(), DownloadSpace.real(), SnapshotLinks.symbolic());
    }

    private void assertDownloads() {
        Path snapshot = Hubs.download(hub());
        assertThat(snapshot.resolve(WEIGHTS))
                .hasBinaryContent(repo.file(WEIGHTS).bytes());
        assertThat(snapshot.resolve("config.json")).hasContent("{}");
        assertThat(Hubs.cached(cache, "main")).isEqualTo(Optional.of(snapshot));
        assertThat(BlobDownload.part(
                        Hubs.cache(cache).blob(Hubs.ID, repo.file(WEIGHTS).etag())))
                .doesNotExist();
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(Hub hub) {
        return assertThatThrownBy(() -> Hubs.download(hub)).isInstanceOf(UserException.class);
    }

    private static Progress progress(AtomicBoolean cancelled) {
        return CancelledProgress.when(cancelled::get);
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("what was waited for").isLessThan(end);
            Thread.onSpinWait();
        }
    }
}
