package org.layerwise.install.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.hub.Timeouts;

/** Against a server of the test's own that is laid out as DJL's. */
class LibraryDownloadTest {

    private static final List<String> NAMES = List.of(
            "libc10.so", "libc10_cuda.so", "libtorch.so", "libtorch_cpu.so", "libtorch_cuda.so", "libcudart-1.so.12");

    @TempDir
    Path folder;

    private final Map<String, byte[]> files = new TreeMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private volatile String silent = "";

    @BeforeEach
    void serve() throws IOException {
        StringBuilder list = new StringBuilder("cpu/linux-x86_64/native/lib/libtorch.so.gz\n");
        for (String flavour : List.of("cu118", "cu128")) {
            for (String name : NAMES) {
                String line = flavour + "/linux-x86_64/native/lib/" + name.replace("+", "%2B") + ".gz";
                list.append(line).append('\n');
                files.put("/2.7.1/" + line, packed(flavour + " " + name));
            }
            list.append(flavour).append("/win-x86_64/native/lib/torch.dll.gz\n");
        }
        files.put("/2.7.1/files.txt", list.toString().getBytes(StandardCharsets.UTF_8));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void theNewestCudaIsFetchedAndIsALibtorch() throws IOException {
        LibraryDownload download = download(false);
        LibtorchDownloadPlan plan = download.plan(Progress.none());

        assertThat(plan.flavour()).isEqualTo("cu128");
        assertThat(plan.files())
                .extracting(LibtorchDownloadPlan.PackedFile::name)
                .containsExactlyElementsOf(NAMES);
        assertThat(plan.bytes())
                .isEqualTo(plan.files().stream()
                        .mapToLong(file -> files.get(file.source().getPath()).length)
                        .sum());

        Path fetched = download.fetch(plan, Progress.none());

        assertThat(fetched.resolve("lib/libtorch_cuda.so")).hasContent("cu128 libtorch_cuda.so");
        assertThat(TorchFolder.find(fetched).version()).isEqualTo("2.7.1+cu128");
    }

    @Test
    void aStoppedDownloadGoesOnWithTheNextFile() {
        LibraryDownload download = download(false);
        LibtorchDownloadPlan plan = download.plan(Progress.none());
        Progress stops = new Progress() {
            private int files;

            @Override
            public void report(double fraction, String message) {
                files++;
            }

            @Override
            public boolean cancelled() {
                return files >= 3;
            }
        };
        assertThatThrownBy(() -> download.fetch(plan, stops)).isInstanceOf(CancelledException.class);
        assertThat(folder.resolve("2.7.1-cu128/build-version")).doesNotExist();
        asked.clear();

        download.fetch(plan, Progress.none());

        assertThat(asked).hasSize(4); // the third one was stopped before its end
        assertThat(folder.resolve("2.7.1-cu128/lib")).isDirectoryContaining("glob:**.so");
    }

    @Test
    void whatIsCutOffIsNoLibrary() {
        LibraryDownload download = download(false);
        LibtorchDownloadPlan plan = download.plan(Progress.none());
        String cut = plan.files().get(2).source().getPath();
        byte[] whole = files.get(cut);
        files.put(cut, java.util.Arrays.copyOf(whole, whole.length - 6));

        assertThatThrownBy(() -> download.fetch(plan, Progress.none())).isInstanceOf(UserException.class);
        assertThat(folder.resolve("2.7.1-cu128/lib/libtorch.so")).doesNotExist();
    }

    @Test
    void offlineIsOneSentence() {
        assertThatThrownBy(() -> download(true).plan(Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("HF_HUB_OFFLINE")
                .hasMessageContaining("pip install --target DIR torch==2.7.1");
        assertThat(asked).isEmpty();
        assertThat(Offline.isRequested(Map.of("TRANSFORMERS_OFFLINE", "true"))).isTrue();
        assertThat(Offline.isRequested(Map.of("HF_HUB_OFFLINE", "0"))).isFalse();
    }

    @Test
    void aServerThatCannotBeReachedIsOneSentence() {
        server.stop(0);

        assertThatThrownBy(() -> download(false).plan(Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("cannot be reached");
    }

    @Test
    void aServerWithoutSuchLibrariesIsToldApart() {
        files.put("/2.7.1/files.txt", "cpu/linux-x86_64/native/lib/libtorch.so.gz".getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> download(false).plan(Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("has no libtorch 2.7.1 with CUDA");
        files.clear();
        assertThatThrownBy(() -> download(false).plan(Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("answers with 404");
    }

    @Test
    void aNameThatLeavesTheFolderIsRefused() {
        files.put(
                "/2.7.1/files.txt",
                "cu128/linux-x86_64/native/lib/..%2F..%2Fevil.so.gz".getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> download(false).plan(Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("which is no library");
    }

    @Test
    void aLibraryThatUnpacksWithoutEndIsRefused() throws IOException {
        files.put("/2.7.1/cu128/linux-x86_64/native/lib/libtorch.so.gz", packed("\0".repeat(1 << 20)));
        LibraryDownload download = download(false);

        assertThatThrownBy(() -> download.fetch(download.plan(Progress.none()), Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("libtorch.so.gz is more than 50 times as large unpacked");
        assertThat(folder.resolve("2.7.1-cu128/lib")).isDirectoryNotContaining("glob:**libtorch.so*");
    }

    @Test
    void moreThanTheAnnouncedBytesAreRefused() throws IOException {
        LibraryDownload download = download(false);
        LibtorchDownloadPlan plan = download.plan(Progress.none());
        String path = plan.files().get(2).source().getPath();
        files.put(path, packed(UUID.randomUUID() + "longer"));

        assertThatThrownBy(() -> download.fetch(plan, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("localhost sends more than the");
        assertThat(folder.resolve("2.7.1-cu128/lib/libtorch.so")).doesNotExist();
    }

    @Test
    void aSizeThatIsNotToldIsRefused() {
        files.put("/2.7.1/cu128/linux-x86_64/native/lib/libtorch.so.gz", new byte[0]);

        assertThatThrownBy(() -> download(false).plan(Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("libtorch.so.gz does not say how large it is");
    }

    @Test
    void aListOfTooManyLibrariesIsRefused() {
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            String line = "cu128/linux-x86_64/native/lib/lib%s.so.gz".formatted(i);
            files.put("/2.7.1/" + line, new byte[1]);
            list.append(line).append('\n');
        }
        files.put("/2.7.1/files.txt", list.toString().getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> download(false).plan(Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("lists more than 200 libraries");
    }

    @Test
    @Timeout(30)
    void aServerThatFallsSilentEndsTheDownload() {
        LibraryDownload download = download(false);
        LibtorchDownloadPlan plan = download.plan(Progress.none());
        silent = plan.files().get(1).source().getPath();

        assertThatThrownBy(() -> download.fetch(plan, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("The download of libc10_cuda.so from localhost broke off (no bytes for 1 s)");

        silent = "/2.7.1/files.txt";
        assertThatThrownBy(() -> download.plan(Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("localhost cannot be reached (no answer in 1 s)");
    }

    private LibraryDownload download(boolean offline) {
        String address =
                "http://localhost:%s/2.7.1".formatted(server.getAddress().getPort());
        Timeouts usual = Timeouts.usual();
        Duration second = Duration.ofSeconds(1);
        Timeouts patience =
                new Timeouts(second, second, usual.window(), usual.leastBytes(), second, second, usual.attempts());
        return new LibraryDownload(folder, address, ProxySelector.of(null), offline, patience);
    }

    private void answer(HttpExchange exchange) throws IOException {
        boolean head = exchange.getRequestMethod().equals("HEAD");
        String path = exchange.getRequestURI().getPath();
        if (!head) {
            asked.add(path);
        }
        byte[] body = files.get(path);
        if (body == null) {
            exchange.sendResponseHeaders(404, -1);
        } else if (head) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(body.length));
            exchange.sendResponseHeaders(200, -1);
        } else {
            exchange.sendResponseHeaders(200, body.length);
            if (path.equals(silent)) {
                exchange.getResponseBody().write(body, 0, 5);
                exchange.getResponseBody().flush();
                return;
            }
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
        exchange.close();
    }

    private static byte[] packed(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream packing = new GZIPOutputStream(bytes)) {
            packing.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
