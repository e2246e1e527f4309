package org.layerwise.checkpoint.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Caches as Python's huggingface_hub leaves them, whole and broken. */
@DisabledOnOs(OS.WINDOWS)
class HubCacheTest {

    private static final String A = "a".repeat(40);
    private static final String B = "b".repeat(40);
    private static final String INDEX = "{\"weight_map\": {\"v\": \"one.safetensors\", \"w\": \"two.safetensors\"}}";

    @TempDir
    Path cache;

    @Test
    void anAbsentCacheHasNoModels() {
        assertThat(Hubs.cache(cache.resolve("absent")).models()).isEmpty();
    }

    @Test
    void listsModelsWithTheirSnapshots() throws IOException {
        snapshot("models--org--name-with-dashes", A, Map.of("config.json", "{}", "model.safetensors", "12345678"));
        snapshot("models--org--name-with-dashes", B, Map.of("config.json", "{}", "model.safetensors", "123456789"));
        reference("models--org--name-with-dashes", "main", A);
        reference("models--org--name-with-dashes", "refs/pr/1", B);
        reference("models--org--name-with-dashes", "v1", B + "\n");
        snapshot("models--gpt2", A, Map.of("config.json", "{}", "model.safetensors", "1"));
        Files.createDirectories(cache.resolve("datasets--org--data/snapshots"));
        Files.createDirectories(cache.resolve(".locks/models--gpt2"));
        Files.writeString(cache.resolve("version.txt"), "1");

        List<CachedModel> models = Hubs.cache(cache).models();

        assertThat(models).extracting(CachedModel::name).containsExactly("gpt2", "org/name-with-dashes");
        assertThat(models).allMatch(Hubs::usable).allMatch(model -> model.problem()
                .isEmpty());
        CachedModel dashes = models.get(1);
        // config.json is one blob of both, each reference has 40 or 41 bytes
        assertThat(dashes.bytes()).isEqualTo(2 + 8 + 9 + 40 + 40 + 41);
        assertThat(dashes.snapshots())
                .extracting(CachedSnapshot::commit, CachedSnapshot::revisions, CachedSnapshot::bytes)
                .containsExactlyInAnyOrder(tuple(A, List.of("main"), 10L), tuple(B, List.of("refs/pr/1", "v1"), 11L));
    }

    @Test
    void theLastUseIsThatOfTheNewestFile() throws IOException {
        Path snapshot = snapshot("models--gpt2", A, Map.of("config.json", "{}", "model.safetensors", "1"));
        Instant then = Instant.parse("2041-02-03T04:05:06Z");
        Files.setLastModifiedTime(snapshot.resolve("config.json").toRealPath(), FileTime.from(then));

        CachedModel model = Hubs.cache(cache).models().get(0);

        assertThat(model.lastUsed()).isEqualTo(then);
        assertThat(model.snapshots().get(0).lastUsed()).isEqualTo(then);
    }

    @Test
    void findsSnapshotsByBranchTagAndCommit() throws IOException {
        HubId id = new HubId("org/name");
        Path first = snapshot("models--org--name", A, Map.of("config.json", "{}", "model.safetensors", "1"));
        Path second = snapshot("models--org--name", B, Map.of("config.json", "{}"));
        reference("models--org--name", "main", A);
        reference("models--org--name", "v2", B);
        HubCache hub = Hubs.cache(cache);

        assertThat(hub.cached(id, "main")).contains(first);
        assertThat(hub.cached(id, A)).contains(first);
        assertThat(hub.cached(id, "v2")).as("without weights").isEmpty();
        assertThat(second).exists();
        assertThat(hub.cached(id, "v3")).isEmpty();
        assertThat(hub.cached(id, "c".repeat(40))).isEmpty();
        assertThat(hub.cached(new HubId("name"), "main")).isEmpty();
    }

    @Test
    void shardsCountOnlyTogether() throws IOException {
        Path snapshot = snapshot(
                "models--org--name",
                A,
                Map.of("config.json", "{}", "model.safetensors.index.json", INDEX, "one.safetensors", "1"));
        assertThat(problem()).contains("has no two.safetensors");

        Files.writeString(snapshot.resolve("two.safetensors"), "2");
        assertThat(Hubs.usable(Hubs.cache(cache).models().get(0))).isTrue();
    }

    @Test
    void brokenModelsAreListedWithTheReason() throws IOException {
        Path snapshot = snapshot("models--org--name", A, Map.of("config.json", "{}", "model.safetensors", "1"));
        Path weights = snapshot.resolve("model.safetensors");
        Files.delete(weights.toRealPath());
        assertThat(problem())
                .isEqualTo("Its model.safetensors is a link to a file that is missing; download it again.");

        Files.delete(weights);
        assertThat(problem()).contains("has no weights");
        Files.writeString(snapshot.resolve("pytorch_model.bin"), "1");
        assertThat(problem()).isEqualTo("It has no safetensors weights, only pytorch_model.bin.");

        Path outside = Files.writeString(cache.resolve("outside"), "1");
        Files.createSymbolicLink(weights, outside);
        assertThat(problem()).contains("is a link to " + outside.toRealPath());

        Files.delete(snapshot.resolve("config.json"));
        assertThat(problem()).contains("has no config.json");

        Files.writeString(snapshot.resolve("config.json"), "{}");
        Files.delete(weights);
        Files.writeString(snapshot.resolve("model.safetensors.index.json"), "{\"weight_map\": ");
        assertThat(problem()).contains("is not valid JSON");
    }

    @Test
    void whateverLiesInTheCacheIsListed() throws IOException {
        Files.writeString(cache.resolve("models--a--file"), "");
        Files.createDirectories(cache.resolve("models--empty"));
        Files.createDirectories(cache.resolve("models--"));
        Files.createDirectories(cache.resolve("models--three--part--name/snapshots/" + A));
        Files.createSymbolicLink(cache.resolve("models--link--nowhere"), Path.of("nowhere"));
        Path loop = Files.createDirectories(cache.resolve("models--org--loop/snapshots/" + A));
        Files.createSymbolicLink(loop.resolve("model.safetensors"), Path.of("model.safetensors"));
        Files.createSymbolicLink(loop.resolve("config.json"), Path.of("."));
        Path references = Files.createDirectories(cache.resolve("models--org--refs/refs"));
        Files.writeString(references.resolve("main"), "nothing like a commit");
        snapshot("models--org--refs2", A, Map.of("config.json", "{}", "model.safetensors", "1"));
        reference("models--org--refs2", "main", B);

        List<CachedModel> models = Hubs.cache(cache).models();

        assertThat(models).hasSize(8).allSatisfy(model -> assertThat(model.problem())
                .isPresent());
        assertThat(models).filteredOn(Hubs::usable).singleElement().satisfies(model -> {
            assertThat(model.name()).isEqualTo("org/refs2");
            assertThat(model.problem().orElseThrow())
                    .isEqualTo("Its revision main stands at %s, which is not there; download it again.", B);
        });
    }

    private String problem() {
        CachedModel model = Hubs.cache(cache).models().get(0);
        assertThat(Hubs.usable(model)).isFalse();
        return model.problem().orElseThrow();
    }

    /** Blobs are named by their content here, where the hub names them by its hash. */
    private Path snapshot(String model, String commit, Map<String, String> files) throws IOException {
        Path snapshot = Files.createDirectories(
                cache.resolve(model).resolve("snapshots").resolve(commit));
        Path blobs = Files.createDirectories(cache.resolve(model).resolve("blobs"));
        for (Map.Entry<String, String> file : files.entrySet()) {
            String blob = Integer.toHexString(file.getValue().hashCode());
            Files.writeString(blobs.resolve(blob), file.getValue());
            Files.createSymbolicLink(snapshot.resolve(file.getKey()), Path.of("..", "..", "blobs", blob));
        }
        return snapshot;
    }

    private void reference(String model, String revision, String commit) throws IOException {
        Path file = cache.resolve(model).resolve("refs").resolve(revision);
        Files.createDirectories(file.getParent());
        Files.writeString(file, commit);
    }
}
