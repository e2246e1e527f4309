package org.layerwise.checkpoint.hub;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.layerwise.base.CancellableWait;
import org.layerwise.base.HttpClients;
import org.layerwise.base.Progress;
import org.layerwise.base.Redirects;
import org.layerwise.base.UserException;

/**
 * HTTP requests to the hub and to the hosts that it redirects to. Token and login are sent only to the hub itself: the
 * same scheme, host and port. Waiting ends quickly when the work is cancelled.
 */
final class HubHttp {

    private final HubSettings settings;
    private final Timeouts patience;
    private final HttpClient client;

    HubHttp(HubSettings settings, Timeouts patience) {
        this.settings = settings;
        this.patience = patience;
        // redirects are followed by this class, since the client would send the token along
        this.client = HttpClients.create(
                patience.connect(),
                HttpClient.Redirect.NEVER,
                Optional.of(settings.proxies().selector()));
    }

    /**
     * HTTP response whose body is not yet read.
     *
     * @param status its status code
     * @param hub the headers of the hub's own response, which may be a redirect
     * @param headers the headers of the last response
     * @param body the body, which must be closed
     */
    record Reply(int status, HttpHeaders hub, HttpHeaders headers, BodyQueue body) implements AutoCloseable {

        /** Returns a header of the hub's own response, or of the last response if the hub's has none. */
        Optional<String> header(String name) {
            return hub.firstValue(name).or(() -> headers.firstValue(name));
        }

        @Override
        public void close() {
            body.close();
        }
    }

    /**
     * Sends a request and follows redirects.
     *
     * @param everywhere true to follow redirects to other hosts; false to return them as the response
     * @throws IOException if no response came
     * @throws org.layerwise.base.CancelledException if cancelled, or the thread was interrupted
     */
    Reply send(String method, URI uri, Map<String, String> headers, boolean everywhere, Progress progress)
            throws IOException {
        URI target = uri;
        HttpHeaders hub = null;
        for (int redirects = 0; redirects <= Redirects.MOST; redirects++) {
            HttpResponse<BodyQueue> response = await(request(method, target, headers), progress);
            boolean own = isHub(target);
            if (hub == null || own) {
                hub = response.headers();
            }
            Optional<URI> next = next(target, response);
            if (next.isEmpty() || !everywhere && !isHub(next.get())) {
                return new Reply(response.statusCode(), hub, response.headers(), response.body());
            }
            response.body().close();
            target = next.get();
        }
        throw new IOException("it sends us from one address to another without end");
    }

    private HttpRequest request(String method, URI target, Map<String, String> headers) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(target)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .header("User-Agent", "layerwise; java/" + Runtime.version().feature())
                // a compressed file would have another length than the hub lists
                .header("Accept-Encoding", "identity");
        headers.forEach(builder::header);
        if (isHub(target)) {
            settings.authorization().ifPresent(who -> builder.header("Authorization", who));
        }
        return builder.build();
    }

    private static Optional<URI> next(URI target, HttpResponse<?> response) {
        if (!Redirects.isRedirect(response.statusCode())) {
            return Optional.empty();
        }
        Optional<String> location = response.headers().firstValue("Location");
        try {
            Optional<URI> next = location.map(target::resolve);
            next.ifPresent(to -> requireWeb(target, to));
            return next;
        } catch (IllegalArgumentException e) {
            throw new UserException(
                    "%s sends us to '%s', which is no address; check HF_ENDPOINT."
                            .formatted(target.getHost(), location.orElse("")),
                    e);
        }
    }

    private static void requireWeb(URI from, URI to) {
        if (!Redirects.isWeb(to)) {
            throw new UserException("%s sends us to '%s', which is no address of the web (%s); check HF_ENDPOINT."
                    .formatted(from.getHost(), to, String.join(" or ", Redirects.SCHEMES)));
        }
        if (Redirects.isDowngrade(from, to)) {
            throw new UserException("%s sends us to %s, which is not secure; check HF_ENDPOINT."
                    .formatted(from.getHost(), to.getHost()));
        }
    }

    private boolean isHub(URI uri) {
        return origin(uri).equals(origin(settings.endpoint()));
    }

    private static String origin(URI uri) {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
        return scheme + "://" + String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT) + ":" + port;
    }

    private HttpResponse<BodyQueue> await(HttpRequest request, Progress progress) throws IOException {
        progress.check();
        CompletableFuture<HttpResponse<BodyQueue>> answer = client.sendAsync(request, info -> new BodyQueue(patience));
        boolean taken = false;
        try {
            HttpResponse<BodyQueue> response = CancellableWait.answer(answer, patience.silence(), progress);
            taken = true;
            return response;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IOException(Objects.requireNonNullElse(e.getCause(), e).toString(), e);
        } catch (TimeoutException e) {
            throw new HttpTimeoutException("no answer");
        } finally {
            if (!taken) {
                answer.thenAccept(late -> late.body().close());
            }
        }
    }
}
