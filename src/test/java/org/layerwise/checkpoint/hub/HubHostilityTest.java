package org.layerwise.checkpoint.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.layerwise.testing.FakeHub.status;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.ResponseLimit;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.testing.FakeHub;
import org.layerwise.testing.FakeRepo;

/** Hubs that lie, send no faster than a drip, or send elsewhere. */
@Timeout(30)
class HubHostilityTest {

    private static final String WEIGHTS = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final String TOKEN = "secret-of-this-test";

    @TempDir
    Path cache;

    private FakeHub fake;
    private FakeRepo repo;

    @BeforeEach
    void start() {
        fake = FakeHub.start();
        repo = fake.add(new FakeRepo(Hubs.ID.text())
                .small("config.json", "{\"a\":1}")
                .small("generation_config.json", "{\"b\":2}")
                .large(WEIGHTS, new byte[50_000]));
    }

    @AfterEach
    void stop() {
        fake.close();
    }

    @Test
    void sizesThatOverflowTogetherAreRefused() {
        list(1L << 62, "a".repeat(40), 1L << 62, "b".repeat(40));

        assertRefused(hub()).hasMessageContaining("lists more bytes of org/tiny-model than any disk holds");
        assertThat(fake.served("config.json")).isZero();
    }

    @Test
    void filesWithOneETagThatIsNoHashKeepTheirOwnContents() throws Exception {
        list(7, "unchanged", 7, "unchanged");

        Path snapshot = Hubs.download(hub());

        assertThat(snapshot.resolve("config.json")).hasContent("{\"a\":1}");
        assertThat(snapshot.resolve("generation_config.json")).hasContent("{\"b\":2}");
        list(7, "unchanged", 7, "unchanged");
        assertThat(hub().plan(Hubs.ID, "main", Progress.none()).complete()).isTrue();
        try (Stream<Path> blobs = Files.list(Hubs.cache(cache).model(Hubs.ID).resolve("blobs"))) {
            assertThat(blobs).hasSize(3);
        }
    }

    /** A search through the list for each shard would take minutes, and no cancelling would be heard. */
    @Test
    @Timeout(value = 25, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aListOfAHundredThousandsOfShardsIsReadAtOnce() {
        ObjectNode index = Json.object();
        ObjectNode weights = index.putObject("weight_map");
        ArrayNode files = Json.object().putArray("siblings");
        for (int shard = 0; shard < 100_000; shard++) {
            String name = String.format(Locale.ROOT, "model-%06d.safetensors", shard);
            weights.put("tensor" + shard, name);
            files.add(sibling(name, 1L << 60, "%040x".formatted(shard)));
        }
        repo.small(INDEX, index.toString());
        files.add(sibling(
                "config.json",
                repo.file("config.json").bytes().length,
                repo.file("config.json").etag()));
        files.add(
                sibling(INDEX, repo.file(INDEX).bytes().length, repo.file(INDEX).etag()));
        ObjectNode list = Json.object().put("sha", repo.commit());
        list.set("siblings", files);
        list(list);

        assertRefused(patient()).hasMessageContaining("than any disk holds");
    }

    @Test
    void answersAboveTheirLimitsAreRefusedAtOnce() {
        byte[] blanks = new byte[ResponseLimit.MOST_BYTES + 1];
        Arrays.fill(blanks, (byte) ' ');
        fake.lay(Hubs.ID.text(), (exchange, name, content, from) -> {
            exchange.sendResponseHeaders(200, blanks.length);
            exchange.getResponseBody().write(blanks);
        });

        assertRefused(hub())
                .hasMessage(
                        "The list of the files of org/tiny-model from %s has more than 16 MiB, the most that Layerwise reads of an answer; look at what sends it.",
                        fake.endpoint());
        assertThat(fake.requests()).hasSize(1);
    }

    /** As another user may put them into a cache that several share. */
    @Test
    @DisabledOnOs(OS.WINDOWS) // where links need rights of their own
    void linksInTheCacheLeadToNoFilesThatAreWritten() throws Exception {
        Path own = Files.writeString(cache.resolve("own.txt"), "my own");
        HubCache there = Hubs.cache(cache);
        Path blob = there.blob(Hubs.ID, repo.file(WEIGHTS).etag());
        Path reference = there.model(Hubs.ID).resolve("refs/main");
        Files.createDirectories(blob.getParent());
        Files.createDirectories(reference.getParent());
        Files.createSymbolicLink(BlobDownload.part(blob), own);
        Files.createSymbolicLink(reference, own);

        Path snapshot = Hubs.download(hub());

        assertThat(own).hasContent("my own");
        assertThat(snapshot.resolve(WEIGHTS))
                .hasBinaryContent(repo.file(WEIGHTS).bytes());
        assertThat(blob).isRegularFile();
        assertThat(Files.isSymbolicLink(blob)).isFalse();
        assertThat(reference).hasContent(repo.commit());
    }

    @Test
    void oneHashForTwoLengthsIsRefused() {
        String hash = repo.file("config.json").etag();
        list(7, hash, 8, hash);

        assertRefused(hub())
                .hasMessageContainingAll(
                        "gives config.json and generation_config.json of org/tiny-model the same hash but different lengths");
    }

    @Test
    void anotherCommitThanTheOneThatWasAskedForIsRefused() {
        list(
                7,
                repo.file("config.json").etag(),
                7,
                repo.file("generation_config.json").etag());
        String wanted = "c".repeat(40);

        assertThatThrownBy(() -> hub().download(Hubs.ID, wanted, Hubs.ANY, new PauseSwitch(), Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("gives org/tiny-model from another commit than it was asked for");
        assertThat(fake.served("config.json")).isZero();
    }

    @Test
    void aServerThatDripsIsGivenUp() {
        FakeHub.Fault drip = (exchange, name, content, from) -> {
            if (from > 0) {
                exchange.getResponseHeaders()
                        .set("Content-Range", "bytes %s-%s/%s".formatted(from, content.length - 1, content.length));
            }
            exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
            try (OutputStream out = exchange.getResponseBody()) {
                for (int at = from; at < content.length; at++) {
                    out.write(content, at, 1);
                    out.flush();
                    pause();
                }
            }
        };
        for (int i = 0; i < 20; i++) {
            fake.lay(WEIGHTS, drip);
        }

        assertRefused(hub())
                .hasMessageContainingAll(
                        "The download of model.safetensors of org/tiny-model was interrupted again and again",
                        "it sends too slowly, ");
    }

    @Test
    void aRedirectToAnotherSchemeIsOneSentence() {
        for (String there : new String[] {"ftp://example.org/x", "file:///etc/passwd", "jar:http://example.org!/x"}) {
            fake.lay(WEIGHTS, status(302, "Location", there));
            assertRefused(hub()).hasMessageContainingAll("127.0.0.1 sends us to '" + there, "check HF_ENDPOINT");
        }
    }

    @Test
    void aSecretOfARedirectIsNotTold() {
        fake.lay(WEIGHTS, status(302, "Location", "ftp://me:" + TOKEN + "@example.org/x?sig=" + TOKEN + "&a=b"));

        assertRefused(hub())
                .hasMessageNotContaining(TOKEN)
                .hasMessageContaining("'ftp://***@example.org/x?sig=***&a=b'");
    }

    @Test
    void theLoginOfTheEndpointIsSentAndNeverTold() {
        HubSettings settings =
                settings("http://me:" + TOKEN + "@127.0.0.1:" + fake.endpoint().getPort());
        fake.requireToken("nobody has");

        assertThat(settings).asString().doesNotContain(TOKEN);
        assertThatThrownBy(() -> Hubs.download(Hubs.hub(settings))).message().doesNotContain(TOKEN);
        assertThat(fake.requests())
                .isNotEmpty()
                .extracting(FakeHub.Request::authorization)
                .allMatch(sent -> sent.startsWith("Basic "));
        HubSettings nowhere = settings("http://me:" + TOKEN + "@127.0.0.1:1");
        assertThatThrownBy(() -> Hubs.download(Hubs.hub(nowhere)))
                .hasMessageNotContaining(TOKEN)
                .hasMessageContaining("Cannot reach http://127.0.0.1:1");
    }

    @Test
    void anEndpointThatIsNoAddressIsNotRepeatedIfItMayHoldAPassword() {
        for (String wrong :
                new String[] {"me:%s@host", "https://me:%s/x@host", "https://me:%s x@host", "ftp://m:%s@host"}) {
            assertThatThrownBy(() -> settings(wrong.formatted(TOKEN)))
                    .isInstanceOf(UserException.class)
                    .hasNoCause()
                    .hasMessageNotContaining(TOKEN)
                    .hasMessageContaining("HF_ENDPOINT is ***, which is no address");
        }
    }

    private HubSettings settings(String endpoint) {
        return HubSettings.of(Map.of("HF_ENDPOINT", endpoint, "HF_HUB_CACHE", cache.toString()), cache);
    }

    /** What the hub says of the two small files the next time. */
    private void list(long size, String etag, long otherSize, String otherEtag) {
        ObjectNode answer = Json.object();
        answer.put("sha", repo.commit());
        answer.putArray("siblings")
                .add(sibling("config.json", size, etag))
                .add(sibling("generation_config.json", otherSize, otherEtag))
                .add(sibling(
                        WEIGHTS,
                        repo.file(WEIGHTS).bytes().length,
                        repo.file(WEIGHTS).etag()));
        list(answer);
    }

    private void list(ObjectNode answer) {
        byte[] json = answer.toString().getBytes(StandardCharsets.UTF_8);
        fake.lay(Hubs.ID.text(), (exchange, name, content, from) -> {
            exchange.sendResponseHeaders(200, json.length);
            exchange.getResponseBody().write(json);
        });
    }

    private static ObjectNode sibling(String name, long size, String etag) {
        return Json.object().put("rfilename", name).put("size", size).put("blobId", etag);
    }

    private Hub hub() {
        return Hubs.hub(Hubs.settings(URI.create(fake.endpoint().toString()), cache));
    }

    /** A hub whose long answers are waited for. */
    private Hub patient() {
        return new Hub(
                Hubs.settings(URI.create(fake.endpoint().toString()), cache),
                Hubs.endless(),
                DownloadSpace.real(),
                SnapshotLinks.symbolic());
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(Hub hub) {
        return assertThatThrownBy(() -> Hubs.download(hub)).isInstanceOf(UserException.class);
    }
}
