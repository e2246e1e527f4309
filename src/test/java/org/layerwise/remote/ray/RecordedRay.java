package org.layerwise.remote.ray;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A dashboard that answers as Ray 2.60.0 did when it was recorded: an HTTP server on the loopback address with the status, the
 * words and the state machine of the Jobs API.
 */
public final class RecordedRay implements AutoCloseable {

    private final HttpServer server;
    private final Map<String, Reply> replies = new LinkedHashMap<>();
    private final List<String> requests = new ArrayList<>();
    private final List<String> bodies = new ArrayList<>();

    private @Nullable Function<String, String> otherwise;
    private boolean refuses;

    private record Reply(int status, String body, long delayMillis, @Nullable String location) {

        Reply(int status, String body, long delayMillis) {
            this(status, body, delayMillis, null);
        }
    }

    public RecordedRay() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.setExecutor(Executors.newCachedThreadPool(runnable -> {
            Thread thread = new Thread(runnable, "recorded-ray");
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/", this::answer);
        server.start();
        answer(
                "GET /api/version",
                200,
                """
                {"version": "4", "ray_version": "2.60.0", "ray_commit": "b7f4259e944bf6959f721b106adc366ddfa0c356", "session_name": "session"}\
                """);
    }

    /** What to answer from now on. */
    public synchronized void answer(String request, int status, String body) {
        replies.put(request, new Reply(status, body, 0));
    }

    /** The same after some time. */
    public synchronized void answerLate(String request, long millis, String body) {
        replies.put(request, new Reply(200, body, millis));
    }

    /** Cuts every connection without an answer from now on, or answers again. */
    public synchronized void refuse(boolean now) {
        refuses = now;
    }

    /** Redirects from now on. */
    public synchronized void redirect(String request, int status, String location) {
        replies.put(request, new Reply(status, "<html>moved</html>", 0, location));
    }

    /** Answers what no other answer is there for: with status 404 that a job does not exist, else with status 200. */
    public synchronized void otherwise(Function<String, String> answers) {
        otherwise = answers;
    }

    /** All that was asked, such as {@code GET /api/version}. */
    public synchronized List<String> requests() {
        return List.copyOf(requests);
    }

    /** What was sent with it, as Latin-1. */
    public synchronized List<String> bodies() {
        return List.copyOf(bodies);
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void answer(HttpExchange exchange) throws IOException {
        String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        byte[] sent = exchange.getRequestBody().readAllBytes();
        Reply reply;
        synchronized (this) {
            if (refuses) {
                exchange.close();
                return;
            }
            requests.add(request);
            bodies.add(new String(sent, StandardCharsets.ISO_8859_1));
            Reply known = replies.get(request);
            reply = known != null
                    ? known
                    : otherwise == null ? new Reply(404, "404: Not Found", 0) : reply(otherwise.apply(request));
            if (refuses) { // by what was asked just now
                exchange.close();
                return;
            }
        }
        try (exchange) {
            Thread.sleep(reply.delayMillis);
            if (reply.location != null) {
                exchange.getResponseHeaders().add("Location", reply.location);
            }
            byte[] words = reply.body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(reply.status, words.length == 0 ? -1 : words.length);
            exchange.getResponseBody().write(words);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Reply reply(String body) {
        return new Reply(body.matches("Job \\S+ does not exist") ? 404 : 200, body, 0);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
