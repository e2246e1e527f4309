package org.layerwise.install.torch;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.layerwise.base.process.ChildProcess;

/**
 * A computer on which every torch of the right version starts, without a GPU: the process that tries it is a shell's. The
 * server of DJL is on the loopback address.
 */
public final class PlayedTorch implements AutoCloseable {

    private static final List<String> NAMES =
            List.of("libc10.so", "libc10_cuda.so", "libtorch.so", "libtorch_cpu.so", "libtorch_cuda.so");

    private static final String TRIED =
            """
            while [ -e '%s' ]; do sleep 0.05; done
            echo '{"version":"2.7.1+cu126","libtorch":"2.7.1","cuda":"12.6","devices":["cpu"]}'
            """;

    private final Path home;
    private final Map<String, byte[]> files = new TreeMap<>();
    private final HttpServer server;

    /** @param home folder of the test */
    public PlayedTorch(Path home) {
        this.home = home;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            StringBuilder list = new StringBuilder();
            for (String name : NAMES) {
                String line = "cu128/linux-x86_64/native/lib/" + name + ".gz";
                list.append(line).append('\n');
                files.put("/" + line, packed(name));
            }
            files.put("/files.txt", list.toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.start();
    }

    /** Returns the setup of the computer. */
    public ComputeSetup setup() {
        EngineFolders places = places();
        String script = TRIED.formatted(slow());
        return new ComputeSetup(
                places,
                new LibraryCheck(new ChildProcess(List.of("bash", "-c", script, "layerwise"), Duration.ofSeconds(60))),
                new LibraryDownload(
                        places.downloads(),
                        "http://127.0.0.1:" + server.getAddress().getPort(),
                        ProxySelector.of(null),
                        false));
    }

    private EngineFolders places() {
        return new EngineFolders(home.resolve("config"), home.resolve("cache"), home.resolve("data"));
    }

    /** Returns libtorch with this setup. It runs on the program's own libraries. */
    public TorchEngine engine() {
        ComputeSetup setup = setup();
        return new TorchEngine(places(), Map.of(), () -> setup);
    }

    /** Makes tries last until they may end. */
    public void slow(boolean lasts) {
        try {
            if (lasts) {
                Files.createFile(slow());
            } else {
                Files.deleteIfExists(slow());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path slow() {
        return home.resolve("slow");
    }

    /** Installs a torch in a folder of the test. */
    public Path torch(String name, String version) {
        try {
            return FakeTorch.packages(home.resolve(name), version, "12.6");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] packed(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream packed = new GZIPOutputStream(bytes)) {
            packed.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] content = files.get(exchange.getRequestURI().getPath());
        try (exchange) {
            if (content == null) {
                exchange.sendResponseHeaders(404, -1);
            } else if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.getResponseHeaders().add("Content-Length", String.valueOf(content.length));
                exchange.sendResponseHeaders(200, -1);
            } else {
                exchange.sendResponseHeaders(200, content.length);
                exchange.getResponseBody().write(content);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
