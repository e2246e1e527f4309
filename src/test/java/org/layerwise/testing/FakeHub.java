package org.layerwise.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A HuggingFace hub on this machine, with the endpoints that a download uses, and a second host that serves large files as
 * the hub's delivery network does. Faults can be laid before the answers. Python's huggingface_hub can download from it.
 */
public final class FakeHub implements AutoCloseable {

    private static final Pattern INFO = Pattern.compile("/api/models/([^/]+(?:/[^/]+)?)/revision/([^/?]+)");
    private static final Pattern RESOLVE = Pattern.compile("/([^/]+(?:/[^/]+)?)/resolve/([^/]+)/(.+)");
    private static final Pattern DELIVERY = Pattern.compile("/delivery/([0-9a-f]{64})");
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-");

    private final HttpServer hub;
    private final HttpServer delivery;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Map<String, FakeRepo> repos = new ConcurrentHashMap<>();
    private final Map<String, Deque<Fault>> faults = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> served = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private volatile boolean delivers;
    private volatile long pauseMillis;
    private volatile boolean tellsContents = true;
    private volatile String required = "";

    /** A request that came. */
    public record Request(int port, String method, String path, String range, String authorization) {}

    /** What to do instead of giving a file or, under the name of a model, its list. */
    @FunctionalInterface
    public interface Fault {

        /**
         * Gives another answer than the right one.
         *
         * @param name the file's name
         * @param from the first byte that is asked for
         */
        void answer(HttpExchange exchange, String name, byte[] content, int from) throws IOException;
    }

    private FakeHub() throws IOException {
        hub = server();
        delivery = server();
    }

    /** A hub without models, at a free port of this machine. */
    public static FakeHub start() {
        try {
            return new FakeHub();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For {@code HF_ENDPOINT}. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + hub.getAddress().getPort());
    }

    /** The port of the host that serves large files. */
    public int deliveryPort() {
        return delivery.getAddress().getPort();
    }

    /** Adds a model. */
    public FakeRepo add(FakeRepo repo) {
        repos.put(repo.id(), repo);
        return repo;
    }

    /** Large files are served by the other host from now on. */
    public void deliverLargeFiles() {
        delivers = true;
    }

    /** Sets the pause after each 16 KiB of a file. */
    public void pace(long millis) {
        pauseMillis = millis;
    }

    /** The list tells names only, as some mirrors' do. */
    public void hideContents() {
        tellsContents = false;
    }

    /** Only who has this token is let in. */
    public void requireToken(String token) {
        required = "Bearer " + token;
    }

    /** Everybody is let in. */
    public void requireNoToken() {
        required = "";
    }

    /** Lays faults before the next answers about a file or, under a model's id, about its list. */
    public void lay(String name, Fault... next) {
        faults.computeIfAbsent(name, key -> new ArrayDeque<>()).addAll(List.of(next));
    }

    /** All requests so far. */
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    /** How many bytes of a file went out so far. */
    public long served(String file) {
        return served.getOrDefault(file, new AtomicLong()).get();
    }

    /**
     * Sends headers and some bytes, then cuts the connection.
     *
     * @param arrived whether the client has the file up to this byte; the cut waits for it, since a cut connection also
     *     loses what is still on its way
     */
    public Fault cutAfter(int bytes, LongPredicate arrived) {
        return (exchange, name, content, from) -> {
            begin(exchange, content, from);
            count(name, exchange.getResponseBody(), content, from, bytes);
            while (!arrived.test(from + bytes) && closing.getCount() > 0) {
                Thread.onSpinWait();
            }
            exchange.close();
        };
    }

    /** Sends headers and some bytes, then nothing for as long as the hub lives. */
    public Fault silentAfter(int bytes) {
        return (exchange, name, content, from) -> {
            begin(exchange, content, from);
            count(name, exchange.getResponseBody(), content, from, bytes);
            exchange.getResponseBody().flush();
            hang();
        };
    }

    /** Never answers. */
    public Fault hanging() {
        return (exchange, name, content, from) -> {
            hang();
        };
    }

    /** Gives bytes that are not the file's. */
    public static Fault damaged() {
        return (exchange, name, content, from) -> {
            byte[] wrong = content.clone();
            wrong[wrong.length / 2] ^= 1;
            exchange.sendResponseHeaders(200, wrong.length);
            exchange.getResponseBody().write(wrong);
            exchange.close();
        };
    }

    /** Gives the whole file, whatever range was asked for. */
    public Fault ignoringRange() {
        return (exchange, name, content, from) -> {
            begin(exchange, content, 0);
            count(name, exchange.getResponseBody(), content, 0, content.length);
        };
    }

    /** Gives the range of another content, with another value of the header for the ETag. */
    public Fault giving(byte[] other, String etag) {
        return (exchange, name, content, from) -> {
            exchange.getResponseHeaders().set("ETag", etag);
            begin(exchange, other, from);
            count(name, exchange.getResponseBody(), other, from, other.length - from);
        };
    }

    /** Says that there is no such range. */
    public static Fault noSuchRange() {
        return status(416);
    }

    /** Answers with an error; headers are names and values in turn. */
    public static Fault status(int code, String... headers) {
        return (exchange, name, content, from) -> {
            error(exchange, code, headers);
        };
    }

    @Override
    public void close() {
        closing.countDown();
        hub.stop(0);
        delivery.stop(0);
        threads.shutdownNow();
    }

    private HttpServer server() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                answer(exchange);
            }
        });
        server.start();
        return server;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        requests.add(new Request(
                exchange.getLocalAddress().getPort(),
                exchange.getRequestMethod(),
                path,
                String.valueOf(exchange.getRequestHeaders().getFirst("Range")),
                String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"))));
        Matcher info = INFO.matcher(path);
        Matcher resolve = RESOLVE.matcher(path);
        Matcher delivered = DELIVERY.matcher(path);
        if (delivered.matches()) {
            deliver(exchange, delivered.group(1));
        } else if (info.matches()) {
            info(exchange, info.group(1), decoded(info.group(2)));
        } else if (resolve.matches()) {
            resolve(exchange, resolve.group(1), decoded(resolve.group(2)), decoded(resolve.group(3)));
        } else {
            error(exchange, 404);
        }
    }

    private void info(HttpExchange exchange, String id, String revision) throws IOException {
        FakeRepo repo = repos.get(id);
        if (fault(id, exchange, new byte[0], 0)) {
            return;
        }
        // the list of a gated model is open to all
        if (repo == null || !repo.isGated() && !allowed(exchange)) {
            error(exchange, 401, "X-Error-Code", "RepoNotFound", "X-Error-Message", "Repository not found");
        } else if (!repo.has(revision)) {
            error(exchange, 404, "X-Error-Code", "RevisionNotFound", "X-Error-Message", "Invalid rev id");
        } else {
            byte[] json = repo.json(tellsContents).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, json.length);
            exchange.getResponseBody().write(json);
        }
    }

    private void resolve(HttpExchange exchange, String id, String revision, String name) throws IOException {
        FakeRepo repo = repos.get(id);
        if (repo == null || !repo.has(revision)) {
            error(exchange, 404, "X-Error-Code", repo == null ? "RepoNotFound" : "RevisionNotFound");
        } else if (repo.isGated() && !allowed(exchange)) {
            error(exchange, 403, "X-Error-Code", "GatedRepo", "X-Error-Message", "Access to model is restricted.");
        } else if (repo.file(name) == null) {
            error(exchange, 404, "X-Error-Code", "EntryNotFound", "X-Error-Message", "Entry not found");
        } else {
            FakeRepo.Content file = repo.file(name);
            exchange.getResponseHeaders().set("X-Repo-Commit", repo.commit());
            exchange.getResponseHeaders().set("ETag", "\"" + file.etag() + "\"");
            if (file.large()) {
                exchange.getResponseHeaders().set("X-Linked-Etag", "\"" + file.etag() + "\"");
                exchange.getResponseHeaders().set("X-Linked-Size", "" + file.bytes().length);
            }
            if (file.large() && delivers) {
                String to = "http://127.0.0.1:%s/delivery/%s".formatted(deliveryPort(), file.etag());
                exchange.getResponseHeaders().set("Location", to);
                exchange.sendResponseHeaders(302, -1);
            } else {
                give(exchange, name, file.bytes());
            }
        }
    }

    private void deliver(HttpExchange exchange, String etag) throws IOException {
        for (FakeRepo repo : repos.values()) {
            for (String name : repo.names()) {
                if (repo.file(name).etag().equals(etag)) {
                    give(exchange, name, repo.file(name).bytes());
                    return;
                }
            }
        }
        error(exchange, 404);
    }

    private void give(HttpExchange exchange, String name, byte[] content) throws IOException {
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", "" + content.length);
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        int from = from(exchange);
        if (fault(name, exchange, content, from)) {
            return;
        }
        if (from >= content.length && from > 0) {
            error(exchange, 416, "Content-Range", "bytes */" + content.length);
            return;
        }
        begin(exchange, content, from);
        count(name, exchange.getResponseBody(), content, from, content.length - from);
    }

    private boolean fault(String name, HttpExchange exchange, byte[] content, int from) throws IOException {
        Deque<Fault> next = faults.get(name);
        Fault fault = null;
        if (next != null) {
            synchronized (next) {
                fault = next.poll();
            }
        }
        if (fault != null) {
            fault.answer(exchange, name, content, from);
        }
        return fault != null;
    }

    private static void begin(HttpExchange exchange, byte[] content, int from) throws IOException {
        if (from > 0) {
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes %s-%s/%s".formatted(from, content.length - 1, content.length));
        }
        int length = content.length - from;
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, length == 0 ? -1 : length);
    }

    private void count(String name, OutputStream out, byte[] content, int from, int bytes) throws IOException {
        AtomicLong count = served.computeIfAbsent(name, key -> new AtomicLong());
        int chunk = 1 << 14;
        for (int at = from; at < from + bytes; at += chunk) {
            int length = Math.min(chunk, from + bytes - at);
            out.write(content, at, length);
            out.flush();
            count.addAndGet(length);
            pause();
        }
    }

    private void pause() {
        try {
            closing.await(pauseMillis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int from(HttpExchange exchange) {
        Matcher range =
                RANGE.matcher(String.valueOf(exchange.getRequestHeaders().getFirst("Range")));
        return range.matches() ? Integer.parseInt(range.group(1)) : 0;
    }

    private boolean allowed(HttpExchange exchange) {
        return required.isEmpty()
                || required.equals(exchange.getRequestHeaders().getFirst("Authorization"));
    }

    private void hang() {
        try {
            closing.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void error(HttpExchange exchange, int code, String... headers) throws IOException {
        for (int i = 0; i < headers.length; i += 2) {
            exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
        }
        exchange.sendResponseHeaders(code, -1);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
