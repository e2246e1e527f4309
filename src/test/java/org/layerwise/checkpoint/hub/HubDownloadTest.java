package org.layerwise.checkpoint.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.testing.FakeHub;
import org.layerwise.testing.FakeRepo;
import org.layerwise.testing.Golden;
import org.layerwise.testing.NotedProgress;

/** Downloads from a hub that does what it should. */
class HubDownloadTest {

    @TempDir
    Path cache;

    private FakeHub fake;

    @BeforeEach
    void start() {
        fake = FakeHub.start();
    }

    @AfterEach
    void stop() {
        fake.close();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void leavesTheLayoutOfHuggingfaceHub() throws IOException {
        FakeRepo repo = fake.add(FakeRepo.of(Hubs.ID.text(), Golden.folder("bert")));
        Path snapshot = Hubs.download(Hubs.hub(fake, cache));

        Path model = cache.resolve("models--org--tiny-model");
        assertThat(snapshot).isEqualTo(model.resolve("snapshots").resolve(repo.commit()));
        assertThat(names(snapshot)).containsExactly("config.json", "model.safetensors");
        for (String name : List.of("config.json", "model.safetensors")) {
            FakeRepo.Content content = repo.file(name);
            assertThat(Files.readSymbolicLink(snapshot.resolve(name)))
                    .isEqualTo(Path.of("..", "..", "blobs", content.etag()));
            assertThat(snapshot.resolve(name)).hasBinaryContent(content.bytes());
        }
        assertThat(names(model.resolve("blobs"))).hasSize(2);
        assertThat(model.resolve("refs/main")).hasContent(repo.commit());
        try (Checkpoint checkpoint = Checkpoint.open(snapshot)) {
            assertThat(checkpoint.names()).hasSize(73);
        }
    }

    @Test
    void fetchesNothingASecondTime() {
        fake.add(FakeRepo.of(Hubs.ID.text(), Golden.folder("bert")));
        Path first = Hubs.download(Hubs.hub(fake, cache));
        int requests = fake.requests().size();

        assertThat(Hubs.download(Hubs.hub(fake, cache))).isEqualTo(first);
        assertThat(fake.requests()).hasSize(requests + 1).last().satisfies(request -> assertThat(request.path())
                .contains("/api/models/"));
    }

    @Test
    void describesAModelWithoutItsWeightsAndFetchesThoseLater() throws IOException {
        FakeRepo repo = fake.add(FakeRepo.of(Hubs.ID.text(), Golden.folder("bert")));
        Hub hub = Hubs.hub(fake, cache);

        Path described = hub.describe(Hubs.ID, "main", Hubs.ANY, new PauseSwitch(), Progress.none());
        assertThat(names(described)).containsExactly("config.json");
        assertThat(fake.requests()).noneMatch(request -> request.path().endsWith("model.safetensors"));
        assertThat(Hubs.cached(cache, "main")).isEmpty();
        assertThat(hub.models().get(0).toString()).contains("It has no weights");

        assertThat(Hubs.download(hub)).isEqualTo(described);
        assertThat(described.resolve("model.safetensors"))
                .hasBinaryContent(repo.file("model.safetensors").bytes());
        int requests = fake.requests().size();
        assertThat(hub.describe(Hubs.ID, "main", Hubs.ANY, new PauseSwitch(), Progress.none()))
                .isEqualTo(described);
        assertThat(fake.requests()).hasSize(requests + 1);
    }

    @Test
    void fetchesTheShardsThatTheIndexNames() {
        FakeRepo repo = fake.add(FakeRepo.of(Hubs.ID.text(), Golden.folder("llama_sharded_bf16"))
                .large("model-00004-of-00003.safetensors", new byte[100])
                .large("pytorch_model.bin", new byte[100]));
        fake.deliverLargeFiles();
        Hub hub = Hubs.hub(fake, cache);

        DownloadPlan plan = hub.plan(Hubs.ID, "main", Progress.none());
        assertThat(plan.files())
                .extracting(DownloadPlan.PlannedFile::name)
                .containsExactly(
                        "config.json",
                        "generation_config.json",
                        "model-00001-of-00003.safetensors",
                        "model-00002-of-00003.safetensors",
                        "model-00003-of-00003.safetensors",
                        "model.safetensors.index.json");
        // what the fixture has beside a model's own files is left out
        long others = Golden.folder("llama_sharded_bf16")
                .resolve("golden.safetensors")
                .toFile()
                .length();
        assertThat(plan.bytesToFetch()).isEqualTo(repo.bytes() - others - 200);
        assertThat(cache).isEmptyDirectory();

        try (Checkpoint checkpoint = Checkpoint.open(Hubs.download(hub))) {
            assertThat(checkpoint.names()).hasSize(39);
        }
        int requests = fake.requests().size();
        DownloadPlan after = hub.plan(Hubs.ID, "main", Progress.none());
        assertThat(fake.requests()).hasSize(requests + 1);
        assertThat(after.complete()).isTrue();
        assertThat(after.bytesToFetch()).isZero();
    }

    @Test
    void fetchesTokenizerButNotPicturesAndPickles() throws IOException {
        fake.add(FakeRepo.of(Hubs.ID.text(), Golden.folder("bert"))
                .small("tokenizer.json", "{}")
                .small("vocab.txt", "a\nb\n")
                .small("spm.model", "pieces")
                .small("chat_template.jinja", "{{ x }}")
                .small("README.md", "read me")
                .large("pytorch_model.bin", new byte[1000])
                .large("onnx/model.onnx", new byte[1000]));

        assertThat(names(Hubs.download(Hubs.hub(fake, cache))))
                .containsExactly(
                        "chat_template.jinja",
                        "config.json",
                        "model.safetensors",
                        "spm.model",
                        "tokenizer.json",
                        "vocab.txt");
    }

    @Test
    void aFileOfNoBytesAndTwoOfOneContentAreFetched() throws IOException {
        fake.add(FakeRepo.of(Hubs.ID.text(), Golden.folder("bert"))
                .small("merges.txt", "")
                .small("vocab.json", "{\"a\": 1}")
                .small("added_tokens.json", "{\"a\": 1}"));

        Path snapshot = Hubs.download(Hubs.hub(fake, cache));

        assertThat(snapshot.resolve("merges.txt")).isEmptyFile();
        assertThat(snapshot.resolve("vocab.json")).hasContent("{\"a\": 1}");
        assertThat(snapshot.resolve("added_tokens.json")).hasContent("{\"a\": 1}");
        assertThat(Hubs.hub(fake, cache).plan(Hubs.ID, "main", Progress.none()).complete())
                .isTrue();
    }

    @Test
    void filesWithoutLinksWhereTheSystemHasNone() throws IOException {
        FakeRepo repo = fake.add(FakeRepo.of(Hubs.ID.text(), Golden.folder("bert"))
                .small("vocab.json", "{}")
                .small("added_tokens.json", "{}"));
        SnapshotLinks none = new SnapshotLinks((link, target) -> {
            throw new IOException("a required privilege is not held by the client");
        });
        Hub hub = new Hub(Hubs.settings(fake.endpoint(), cache), Hubs.quick(), DownloadSpace.real(), none);

        Path snapshot = Hubs.download(hub);

        for (String name : List.of("config.json", "model.safetensors", "vocab.json", "added_tokens.json")) {
            assertThat(snapshot.resolve(name))
                    .isRegularFile()
                    .hasBinaryContent(repo.file(name).bytes());
            assertThat(Files.isSymbolicLink(snapshot.resolve(name))).isFalse();
        }
        // the weights do not take their space twice
        assertThat(cache.resolve(Hubs.ID.folderName())
                        .resolve("blobs")
                        .resolve(repo.file("model.safetensors").etag()))
                .doesNotExist();
        int requests = fake.requests().size();
        assertThat(Hubs.download(hub)).isEqualTo(snapshot);
        assertThat(fake.requests()).hasSize(requests + 1);
    }

    @Test
    void aNewCommitFetchesOnlyWhatHasChanged() {
        FakeRepo repo = fake.add(FakeRepo.of(Hubs.ID.text(), Golden.folder("bert")));
        Hub hub = Hubs.hub(fake, cache);
        Path first = Hubs.download(hub);
        long weights = fake.served("model.safetensors");
        repo.small("tokenizer.json", "{}");

        Path second = Hubs.download(hub);

        assertThat(second).isNotEqualTo(first).isDirectoryContaining("glob:**/tokenizer.json");
        assertThat(fake.served("model.safetensors")).isEqualTo(weights);
        assertThat(Hubs.cached(cache, "main")).contains(second);
        assertThat(Hubs.cached(cache, first.getFileName().toString())).contains(first);
    }

    @Test
    void aPullRequestIsARevision() {
        FakeRepo repo =
                fake.add(FakeRepo.of(Hubs.ID.text(), Golden.folder("bert")).revision("refs/pr/1"));
        Hub hub = Hubs.hub(fake, cache);

        Path snapshot = hub.download(Hubs.ID, "refs/pr/1", Hubs.ANY, new PauseSwitch(), Progress.none());

        assertThat(cache.resolve("models--org--tiny-model/refs/refs/pr/1")).hasContent(repo.commit());
        assertThat(Hubs.cached(cache, "refs/pr/1")).contains(snapshot);
        assertThat(Hubs.cached(cache, "main")).isEmpty();
        assertThat(hub.download(Hubs.ID, repo.commit(), Hubs.ANY, new PauseSwitch(), Progress.none()))
                .isEqualTo(snapshot);
    }

    @Test
    void aRevisionWhoseNameIsTakenInTheCacheIsRemarkedOn() throws IOException {
        FakeRepo repo = fake.add(FakeRepo.of(Hubs.ID.text(), Golden.folder("bert"))
                .revision("x/y")
                .revision("v"));
        Hub hub = Hubs.hub(fake, cache);
        Path refs = Files.createDirectories(cache.resolve("models--org--tiny-model/refs"));
        Path file = Files.writeString(refs.resolve("x"), "0".repeat(40));
        Path folder = Files.createDirectories(refs.resolve("v/w")).getParent();
        NotedProgress progress = new NotedProgress();

        for (String revision : List.of("x/y", "v")) {
            assertThat(hub.download(Hubs.ID, revision, Hubs.ANY, new PauseSwitch(), progress))
                    .isEqualTo(Hubs.cache(cache).snapshot(Hubs.ID, repo.commit()));
        }

        assertThat(progress.notes()).containsExactly(takenNote("x/y", file), takenNote("v", folder));
        assertThat(file).hasContent("0".repeat(40));
        Files.delete(file);
        Path snapshot = hub.download(Hubs.ID, "x/y", Hubs.ANY, new PauseSwitch(), progress);
        assertThat(Hubs.cached(cache, "x/y")).contains(snapshot);
        assertThat(progress.notes()).hasSize(2);
    }

    private static String takenNote(String revision, Path taken) {
        return "The cache does not keep which commit %s of org/tiny-model is, since %s is in the way; delete that to use the revision without the hub."
                .formatted(revision, taken);
    }

    @Test
    void aMirrorThatListsNamesOnlyIsAskedForEachFile() {
        FakeRepo repo = fake.add(FakeRepo.of(Hubs.ID.text(), Golden.folder("bert")));
        fake.hideContents();
        fake.deliverLargeFiles();

        Path snapshot = Hubs.download(Hubs.hub(fake, cache));

        assertThat(snapshot.resolve("model.safetensors"))
                .hasBinaryContent(repo.file("model.safetensors").bytes());
        assertThat(fake.requests())
                .filteredOn(request -> request.method().equals("HEAD"))
                .hasSize(2);
    }

    @Test
    void tellsBytesAndEndsAtOne() {
        fake.add(FakeRepo.of(Hubs.ID.text(), Golden.folder("bert")));
        List<Double> fractions = new ArrayList<>();
        List<String> messages = new ArrayList<>();
        Hubs.hub(fake, cache).download(Hubs.ID, "main", Hubs.ANY, new PauseSwitch(), new Progress() {
            @Override
            public void report(double fraction, String message) {
                fractions.add(fraction);
                messages.add(message);
            }

            @Override
            public boolean cancelled() {
                return false;
            }
        });

        assertThat(fractions).last().isEqualTo(1.0);
        assertThat(messages).anyMatch(message -> message.matches("Downloading org/tiny-model, .* of 345 KiB.*"));
    }

    @Test
    void aModelWithoutOrganisation() {
        fake.add(FakeRepo.of("gpt2", Golden.folder("bert")));

        Path snapshot =
                Hubs.hub(fake, cache).download(new HubId("gpt2"), "main", Hubs.ANY, new PauseSwitch(), Progress.none());

        assertThat(cache.resolve("models--gpt2/snapshots")).isEqualTo(snapshot.getParent());
    }

    @Test
    void picklesAreRefusedBeforeAnythingIsFetched() {
        fake.add(new FakeRepo(Hubs.ID.text()).small("config.json", "{}").large("pytorch_model.bin", new byte[100]));

        assertThatThrownBy(() -> Hubs.download(Hubs.hub(fake, cache)))
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll(
                        "org/tiny-model (main)",
                        "pytorch_model.bin",
                        "a pickle can run any code",
                        "org/tiny-model@refs/pr/1",
                        "save_pretrained(safe_serialization=True)");
        assertThat(fake.requests()).hasSize(1);
        assertThat(cache).isEmptyDirectory();
    }

    @Test
    void anAdapterBesideTheWeightsIsRefused() {
        fake.add(FakeRepo.of(Hubs.ID.text(), Golden.folder("bert")).small("adapter_config.json", "{}"));
        assertThatThrownBy(() -> Hubs.download(Hubs.hub(fake, cache)))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("org/tiny-model (main) holds an adapter, too");
        assertThat(cache).isEmptyDirectory();
    }

    @Test
    void modelsThatCannotBeOpenedAreRefused() {
        Hub hub = Hubs.hub(fake, cache);
        FakeRepo repo = fake.add(new FakeRepo(Hubs.ID.text()).small("README.md", "nothing"));
        assertThatThrownBy(() -> Hubs.download(hub)).hasMessageContaining("has no config.json");

        repo.small("config.json", "{}");
        assertThatThrownBy(() -> Hubs.download(hub)).hasMessageContaining("has no model.safetensors and no other");

        repo.small("model.safetensors.index.json", "{\"weight_map\": {\"w\": \"../../evil.safetensors\"}}");
        assertThatThrownBy(() -> Hubs.download(hub))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("names the shard '../../evil.safetensors'");

        repo.small("model.safetensors.index.json", "[1]");
        assertThatThrownBy(() -> Hubs.download(hub))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("names no shards");
    }

    @Test
    void anAddressWithoutHubIsToldAsSuch() {
        fake.lay(Hubs.ID.text(), (exchange, name, content, from) -> {
            byte[] page = "<html>Please log in</html>".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
        });

        assertThatThrownBy(() -> Hubs.download(Hubs.hub(fake, cache)))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("does not answer as a hub of models does");
    }

    @Test
    void offlineTheCacheIsTakenAndNothingAsked() {
        fake.add(FakeRepo.of(Hubs.ID.text(), Golden.folder("bert")));
        Path snapshot = Hubs.download(Hubs.hub(fake, cache));
        int requests = fake.requests().size();
        Hub offline = Hubs.hub(
                new HubSettings(cache, fake.endpoint(), Optional.empty(), Optional.empty(), true, Hubs.NO_PROXIES));

        assertThat(Hubs.download(offline)).isEqualTo(snapshot);
        DownloadPlan plan = offline.plan(Hubs.ID, "main", Progress.none());
        assertThat(plan.complete()).isTrue();
        assertThat(plan.files()).hasSize(2).allMatch(file -> file.bytesThere() == file.bytes());
        assertThatThrownBy(
                        () -> offline.download(new HubId("gpt2"), "main", Hubs.ANY, new PauseSwitch(), Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll("gpt2 (main) is not complete in", "unset HF_HUB_OFFLINE");
        assertThat(fake.requests()).hasSize(requests);
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> found = Files.list(folder)) {
            return found.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
