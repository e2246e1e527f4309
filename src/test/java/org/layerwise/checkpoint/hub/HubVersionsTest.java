package org.layerwise.checkpoint.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.UserException;
import org.layerwise.testing.FakeHub;
import org.layerwise.testing.FakeRepo;

/** Downloads from mirrors whose ETags are no hashes, and whose files change during a download. */
@Timeout(60)
class HubVersionsTest {

    private static final String WEIGHTS = "model.safetensors";
    private static final String ETAG = "66a1f0c2-61a80";
    private static final int SIZE = 400_000;
    private static final int SOME = 150_000;

    @TempDir
    Path cache;

    private FakeHub fake;
    private FakeRepo repo;
    private final byte[] older = filled(1);
    private final byte[] newer = filled(2);

    @BeforeEach
    void start() {
        fake = FakeHub.start();
        repo = fake.add(new FakeRepo(Hubs.ID.text()).small("config.json", "{}").mirrored(WEIGHTS, older, ETAG));
        fake.hideContents();
        fake.lay(WEIGHTS, fake.cutAfter(SOME, end -> part().toFile().length() >= end));
    }

    @AfterEach
    void stop() {
        fake.close();
    }

    @Test
    void aPartOfAnotherVersionIsDropped() {
        fake.lay(WEIGHTS, fake.giving(newer, "\"66a2ffff-61a80\""));

        assertThat(Hubs.download(Hubs.hub(fake, cache)).resolve(WEIGHTS)).hasBinaryContent(older);
    }

    @Test
    void aFileThatStaysAnotherVersionIsRefused() {
        for (int i = 0; i < 10; i++) {
            fake.lay(WEIGHTS, fake.giving(newer, "\"66a2ffff-61a80\""));
        }

        assertThatThrownBy(() -> Hubs.download(Hubs.hub(fake, cache)))
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll(WEIGHTS, "its ETag is no longer " + ETAG + ", so it has changed");
        assertThat(part()).doesNotExist();
    }

    @Test
    void weakAndCompressedETagsAreTheSameVersion() {
        fake.lay(WEIGHTS, fake.giving(older, "W/\"" + ETAG + "-gzip\""));

        assertThat(Hubs.download(Hubs.hub(fake, cache)).resolve(WEIGHTS)).hasBinaryContent(older);
        assertThat(fake.served(WEIGHTS)).isEqualTo(SIZE);
    }

    @Test
    void aCompressedFileIsRefused() {
        for (int i = 0; i < 10; i++) {
            fake.lay(WEIGHTS, (exchange, name, content, from) -> {
                exchange.getResponseHeaders().set("Content-Encoding", "gzip");
                exchange.sendResponseHeaders(200, content.length);
                exchange.getResponseBody().write(content);
            });
        }

        assertThatThrownBy(() -> Hubs.download(Hubs.hub(fake, cache)))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "%s gives %s of %s with the encoding gzip instead of as it is; check HF_ENDPOINT.",
                        fake.endpoint(), WEIGHTS, Hubs.ID);
    }

    private Path part() {
        String blob = RemoteFile.blob(repo.commit(), WEIGHTS, ETAG);
        return BlobDownload.part(Hubs.cache(cache).blob(Hubs.ID, blob));
    }

    private static byte[] filled(int value) {
        byte[] bytes = new byte[SIZE];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
