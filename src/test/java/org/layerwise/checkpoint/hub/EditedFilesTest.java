package org.layerwise.checkpoint.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileTree;
import org.layerwise.base.file.Folders;
import org.layerwise.checkpoint.SafetensorsWriter;
import org.layerwise.testing.FakeHub;
import org.layerwise.testing.FakeRepo;
import org.layerwise.testing.Golden;
import org.layerwise.testing.NotedProgress;

/** Downloads into caches whose files were edited or cut off. */
@DisabledOnOs(OS.WINDOWS)
class EditedFilesTest {

    private static final String CONFIG = "config.json";
    private static final String WEIGHTS = "model.safetensors";

    @TempDir
    Path cache;

    private final NotedProgress progress = new NotedProgress();
    private final List<String> notes = progress.notes();
    private FakeHub fake;
    private FakeRepo repo;
    private Hub hub;
    private Path snapshot;

    @BeforeEach
    void download() {
        fake = FakeHub.start();
        repo = fake.add(FakeRepo.of(Hubs.ID.text(), Golden.folder("bert")).small("vocab.txt", "one\ntwo\n"));
        hub = Hubs.hub(fake, cache);
        snapshot = Hubs.download(hub);
    }

    @AfterEach
    void stop() {
        fake.close();
    }

    @Test
    void aRegularFileInASnapshotIsKeptAndToldOnce() throws IOException {
        for (String edited :
                List.of("{\"model_type\": \"bert\"}", "a".repeat((int) listed(CONFIG)), "", "x".repeat(9999))) {
            notes.clear();
            hub = Hubs.hub(fake, cache);
            replace(CONFIG, edited.getBytes());

            assertPlannedAsThere();
            assertThat(again()).isEqualTo(snapshot);
            again();

            assertThat(snapshot.resolve(CONFIG)).isRegularFile().hasContent(edited);
            assertThat(Files.isSymbolicLink(snapshot.resolve(CONFIG))).isFalse();
            assertThat(notes).containsExactly(keptNote(snapshot.resolve(CONFIG)));
        }
    }

    @Test
    void aLinkOfTheUserIsKeptAndTold() throws IOException {
        byte[] weights = repo.file(WEIGHTS).bytes().clone();
        weights[weights.length - 1] ^= 1;
        for (String edited : List.of("{\"model_type\": \"bert\"}", "a".repeat((int) listed(CONFIG)))) {
            notes.clear();
            hub = Hubs.hub(fake, cache);
            link(CONFIG, Path.of("config.mine.json"), edited.getBytes());
            link(WEIGHTS, Path.of("my.safetensors"), weights);

            assertPlannedAsThere();
            assertThat(again()).isEqualTo(snapshot);

            assertThat(Files.readSymbolicLink(snapshot.resolve(CONFIG))).isEqualTo(Path.of("config.mine.json"));
            assertThat(snapshot.resolve("config.mine.json")).hasContent(edited);
            assertThat(Files.readSymbolicLink(snapshot.resolve(WEIGHTS))).isEqualTo(Path.of("my.safetensors"));
            assertThat(notes).containsExactly(keptNote(snapshot.resolve(CONFIG)), keptNote(snapshot.resolve(WEIGHTS)));
        }
    }

    @Test
    void aLinkToALargeFileOfTheUserIsToldWithoutReadingTheFile() throws IOException {
        byte[] large = Arrays.copyOf("[]".getBytes(), (int) EditedFiles.MOST_BYTES + 1);
        repo.small("tokenizer.json", large);
        snapshot = again();
        link("tokenizer.json", Path.of("mine"), large);

        again();

        assertThat(Files.readSymbolicLink(snapshot.resolve("tokenizer.json"))).isEqualTo(Path.of("mine"));
        assertThat(notes).containsExactly(keptNote(snapshot.resolve("tokenizer.json")));
    }

    @Test
    void aLinkOfTheUserOutOfTheModelsFolderIsRefusedAndKept() throws IOException {
        Path outside = Files.writeString(cache.resolve("outside.json"), "{}");
        Files.delete(snapshot.resolve(CONFIG));
        Files.createSymbolicLink(snapshot.resolve(CONFIG), outside);

        assertThatThrownBy(this::again)
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "%s is a link to %s, outside the model's folder; put a copy of the file there instead.",
                        snapshot.resolve(CONFIG), outside.toRealPath());

        assertThat(Files.readSymbolicLink(snapshot.resolve(CONFIG))).isEqualTo(outside);
        assertThat(notes).isEmpty();
    }

    @Test
    void aFolderOfTheUserBehindALinkIsLeftAsItIs() throws IOException {
        Path mine = ownFolder();
        Path weights = mine.resolve(WEIGHTS);
        Path vocab = mine.resolve("vocab.txt");
        byte[] part = Arrays.copyOf(repo.file(WEIGHTS).bytes(), 1000);
        Files.write(weights, part);
        Files.delete(vocab);
        Files.createSymbolicLink(vocab, Path.of("nowhere"));

        assertThatThrownBy(this::again)
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("%s is a link to %s, where downloads write nothing, and ", snapshot, mine)
                .hasMessageEndingWith(" is missing there; put the file there, or delete the link to fetch all files.");

        assertThat(weights).hasBinaryContent(part);
        assertThat(Files.readSymbolicLink(vocab)).isEqualTo(Path.of("nowhere"));
        assertThat(notes).isEmpty();
    }

    @Test
    void aWholeFolderOfTheUserBehindALinkIsUsed() throws IOException {
        Path mine = ownFolder();

        assertThat(again()).isEqualTo(snapshot);

        assertThat(mine.resolve(WEIGHTS)).isRegularFile();
        assertThat(notes).isEmpty();
    }

    /** Returns a folder outside of the cache with all files of the model; the snapshot is a link to it. */
    private Path ownFolder() throws IOException {
        Path mine = Files.createDirectory(cache.resolve("mine"));
        for (Path file : FileTree.paths(snapshot)) {
            if (Files.isRegularFile(file)) {
                Files.copy(file, mine.resolve(file.getFileName()));
            }
        }
        Folders.delete(snapshot);
        Files.createSymbolicLink(snapshot, mine);
        return mine;
    }

    @Test
    void snapshotsMayLieElsewhere() throws IOException {
        Path elsewhere = Files.createDirectories(cache.resolve("disk/two/snapshots"));
        Path snapshots = snapshot.getParent();
        Folders.delete(snapshots);
        Files.createSymbolicLink(snapshots, elsewhere);

        again();

        assertThat(snapshot.resolve("vocab.txt")).hasContent("one\ntwo\n");
        assertThat(snapshot.resolve(WEIGHTS))
                .hasBinaryContent(repo.file(WEIGHTS).bytes());
        assertThat(Files.isSymbolicLink(snapshot.resolve(WEIGHTS))).isTrue();
        assertThat(notes).isEmpty();
    }

    @Test
    void aFileThatCannotBeReadAfterItsDownloadIsTold() {
        hub = new Hub(
                Hubs.settings(fake.endpoint(), cache.resolve("other")),
                Hubs.quick(),
                DownloadSpace.real(),
                new SnapshotLinks((link, target) -> Files.createSymbolicLink(link, Path.of("nowhere"))));

        assertThatThrownBy(() -> Hubs.download(hub))
                .isInstanceOf(UserException.class)
                .hasMessageEndingWith(
                        " was fetched, but cannot be read there; check the links among the folders above it.");
    }

    @Test
    void linksOfDownloadsAreNotTakenForTheUsersOwn() throws IOException {
        Path blobs = blob(CONFIG).getParent();
        Path elsewhere = cache.resolve("elsewhere");
        Files.move(blobs, elsewhere);
        Files.createSymbolicLink(blobs, elsewhere);
        Files.delete(snapshot.resolve(CONFIG));
        Files.createSymbolicLink(
                snapshot.resolve(CONFIG),
                elsewhere.resolve(blob(CONFIG).getFileName()).toAbsolutePath());
        Path vocab = snapshot.resolve("vocab.txt");
        Files.delete(vocab.toRealPath());
        Files.delete(vocab);
        Files.createSymbolicLink(vocab, Path.of("nowhere"));

        again();
        Files.writeString(snapshot.resolve(CONFIG), "{}");
        again();

        assertThat(vocab).hasContent("one\ntwo\n");
        assertThat(snapshot.resolve(CONFIG)).hasBinaryContent(repo.file(CONFIG).bytes());
        assertThat(notes)
                .satisfiesExactly(
                        link -> assertThat(link)
                                .isEqualTo(
                                        "vocab.txt of %s was a link to nowhere, which does not exist, and was fetched again."
                                                .formatted(Hubs.ID)),
                        edit -> assertThat(edit).contains(CONFIG, "was fetched again"));
    }

    @Test
    void aRegularFileIsKeptWhereItIsTheOnlyFile() throws IOException {
        try (FakeHub other = FakeHub.start()) {
            other.add(FakeRepo.of("org/other", Golden.folder("bert")));
            Hub small = Hubs.hub(other, cache);
            HubId id = new HubId("org/other");
            Path described = small.describe(id, "main", Hubs.ANY, new PauseSwitch(), Progress.none());
            Files.delete(described.resolve(CONFIG));
            Files.writeString(described.resolve(CONFIG), "{}");

            small.describe(id, "main", Hubs.ANY, new PauseSwitch(), progress);

            assertThat(described.resolve(CONFIG)).hasContent("{}");
            assertThat(described.toFile().list()).containsExactly(CONFIG);
            assertThat(notes).hasSize(1);
        }
    }

    @Test
    void theRestIsFetchedBesideAKeptFile() throws IOException {
        replace(CONFIG, "{}".getBytes());
        Files.delete(snapshot.resolve("vocab.txt"));

        DownloadPlan plan = hub.plan(Hubs.ID, "main", Progress.none());
        assertThat(plan.complete()).isFalse();
        again();

        assertThat(snapshot.resolve(CONFIG)).hasContent("{}");
        assertThat(snapshot.resolve("vocab.txt")).hasContent("one\ntwo\n");
        assertThat(notes).hasSize(1);
    }

    @Test
    void wholeWeightsOfTheUserAreKept() throws IOException {
        Path own = cache.resolve("own.safetensors");
        SafetensorsWriter.write(own, List.of(SafetensorsWriter.Named.of("w", new float[] {1, 2}, 1, 2)), Map.of());
        byte[] bytes = Files.readAllBytes(own);
        replace(WEIGHTS, bytes);

        assertPlannedAsThere();
        again();

        assertThat(snapshot.resolve(WEIGHTS)).hasBinaryContent(bytes);
        assertThat(notes).singleElement().asString().contains(WEIGHTS);
    }

    @Test
    void weightsThatAreCutOffAreReplaced() throws IOException {
        byte[] whole = repo.file(WEIGHTS).bytes();
        replace(WEIGHTS, Arrays.copyOf(whole, whole.length - 100));

        assertThat(hub.plan(Hubs.ID, "main", Progress.none()).complete()).isFalse();
        again();

        assertThat(snapshot.resolve(WEIGHTS)).hasBinaryContent(whole);
    }

    @Test
    void withoutLinksAFileThatIsTooShortIsFetchedAndItsContentKept() throws IOException {
        Path copies = cache.resolve("copies");
        hub = new Hub(Hubs.settings(fake.endpoint(), copies), Hubs.quick(), DownloadSpace.real(), withoutLinks());
        snapshot = Hubs.download(hub);
        byte[] weights = repo.file(WEIGHTS).bytes();
        replace(CONFIG, Arrays.copyOf(repo.file(CONFIG).bytes(), 20));
        replace(WEIGHTS, Arrays.copyOf(weights, weights.length - 1));
        replace("vocab.txt", "one\ntwo\nthree\n".getBytes());

        again();

        assertThat(snapshot.resolve(CONFIG)).hasBinaryContent(repo.file(CONFIG).bytes());
        assertThat(snapshot.resolve("config.json.edited"))
                .hasBinaryContent(Arrays.copyOf(repo.file(CONFIG).bytes(), 20));
        assertThat(snapshot.resolve(WEIGHTS)).hasBinaryContent(weights);
        assertThat(snapshot.resolve("vocab.txt")).hasContent("one\ntwo\nthree\n");
        assertThat(notes).anyMatch(note -> note.contains("config.json.edited"));
        assertThat(notes).anyMatch(note -> note.contains("vocab.txt is not the file of org/tiny-model"));
    }

    @Test
    void aSmallBlobThatWasEditedIsKeptBesideTheFetchedOne() throws IOException {
        Path blob = blob(CONFIG);
        for (int time = 1; time <= 3; time++) {
            Files.writeString(snapshot.resolve(CONFIG), "{\"edit\": %s}".formatted(time));
            assertThat(hub.plan(Hubs.ID, "main", Progress.none()).complete()).isFalse();
            again();
            assertThat(snapshot.resolve(CONFIG))
                    .hasBinaryContent(repo.file(CONFIG).bytes());
        }
        assertThat(blob.resolveSibling(blob.getFileName() + ".edited")).hasContent("{\"edit\": 1}");
        assertThat(blob.resolveSibling(blob.getFileName() + ".edited.2")).hasContent("{\"edit\": 2}");
        assertThat(blob.resolveSibling(blob.getFileName() + ".edited.3")).hasContent("{\"edit\": 3}");
        assertThat(notes).hasSize(3);
        assertThat(notes.get(0))
                .isEqualTo(
                        "config.json of org/tiny-model had 11 bytes in the cache instead of the %s that the hub lists, and was fetched again; the earlier content is in %s."
                                .formatted(listed(CONFIG), blob.resolveSibling(blob.getFileName() + ".edited")));
    }

    @Test
    void weightsOfAnotherSizeAreFetchedAgainWithARemark() throws IOException {
        byte[] whole = repo.file(WEIGHTS).bytes();
        Files.write(blob(WEIGHTS), Arrays.copyOf(whole, 5000));

        again();

        assertThat(snapshot.resolve(WEIGHTS)).hasBinaryContent(whole);
        assertThat(blob(WEIGHTS).getParent().toFile().list()).hasSize(3);
        assertThat(notes)
                .containsExactly(
                        "model.safetensors of org/tiny-model had 5000 bytes in the cache instead of the %s that the hub lists, and was fetched again."
                                .formatted(whole.length));
    }

    private void assertPlannedAsThere() {
        DownloadPlan plan = hub.plan(Hubs.ID, "main", Progress.none());
        assertThat(plan.complete()).isTrue();
        assertThat(plan.bytesToFetch()).isZero();
    }

    private Path again() {
        return hub.download(Hubs.ID, "main", Hubs.ANY, new PauseSwitch(), progress);
    }

    private void replace(String name, byte[] bytes) throws IOException {
        Files.delete(snapshot.resolve(name));
        Files.write(snapshot.resolve(name), bytes);
    }

    private void link(String name, Path target, byte[] bytes) throws IOException {
        Files.write(snapshot.resolve(target), bytes);
        Files.delete(snapshot.resolve(name));
        Files.createSymbolicLink(snapshot.resolve(name), target);
    }

    private static String keptNote(Path file) {
        return "%s is not the file of org/tiny-model that the hub lists; it is used as it is, and deleting it fetches the hub's."
                .formatted(file);
    }

    private long listed(String name) {
        return repo.file(name).bytes().length;
    }

    private Path blob(String name) {
        return Hubs.cache(cache).blob(Hubs.ID, repo.file(name).etag());
    }

    private static SnapshotLinks withoutLinks() {
        return new SnapshotLinks((link, target) -> {
            throw new IOException("a required privilege is not held by the client");
        });
    }
}
