package org.layerwise.remote.ray;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.layerwise.base.CancellableWait;
import org.layerwise.base.HttpClients;
import org.layerwise.base.LimitedBodyReader;
import org.layerwise.base.Progress;
import org.layerwise.base.Redirects;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;

/**
 * Client of the Jobs API of a Ray cluster (docs.ray.io, "Ray Jobs REST API"). An {@link IOException} means that no
 * answer came, so that the request may be repeated; a refusal is a {@link UserException}. Waiting ends quickly when
 * cancelled. Thread-safe.
 */
public final class RayJobs {

    /** Oldest supported version of the API: that of Ray 2.60, with which this class was tested. */
    static final int OLDEST_API = 4;

    private static final Pattern API = Pattern.compile("\\d{1,6}");

    /** Matches versions of Python packages, such as {@code 2.60.0} or {@code 3.0.0.dev0}. */
    private static final Pattern VERSION = Pattern.compile("[0-9][0-9A-Za-z.+_-]{0,49}");

    private static final String NO_ADDRESS = "it redirects to no address that can be followed";

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final Duration UPLOAD = Duration.ofMinutes(30);

    private final URI dashboard;
    private final String name;
    private final HttpClient client;

    /**
     * Creates a client.
     *
     * @param dashboard address of the dashboard as this computer sees it, with or without a path
     * @param name name of the cluster for users
     */
    public RayJobs(URI dashboard, String name) {
        this.dashboard = dashboard;
        this.name = name;
        this.client = HttpClients.create(CONNECT, HttpClient.Redirect.NEVER, Optional.empty());
    }

    /**
     * Returns the version of Ray.
     *
     * @throws UserException if the address is not that of a Ray dashboard, or the version is too old
     */
    public RayVersion version(Progress progress) throws IOException {
        HttpResponse<String> reply = send(get("api/version"), progress);
        JsonNode json = reply.statusCode() == 200 ? tree(reply.body()) : Json.object();
        String ray = json.path("ray_version").asText("");
        if (!VERSION.matcher(ray).matches()) {
            throw new UserException(
                    "What answers at %s is no Ray dashboard; check the address and the port (usually 8265)."
                            .formatted(dashboard));
        }
        String version = json.path("version").asText(); // Ray gives the version as a text
        int api = API.matcher(version).matches() ? Integer.parseInt(version) : 0;
        if (api < OLDEST_API) {
            throw new UserException(
                    "%s runs Ray %s, whose Jobs API has version %s; version %s is needed, so update Ray there (pip install -U \"ray[default,train]\")."
                            .formatted(name, ray, json.path("version").asText("0"), OLDEST_API));
        }
        return new RayVersion(api, ray);
    }

    /** Returns the nodes of the cluster, including those that no longer run. */
    public List<RayNode> nodes(Progress progress) throws IOException {
        JsonNode json = tree(accepted(send(get("api/v0/nodes?detail=1"), progress), "list its nodes"));
        List<RayNode> nodes = new ArrayList<>();
        for (JsonNode node : json.path("data").path("result").path("result")) {
            JsonNode has = node.path("resources_total");
            nodes.add(new RayNode(
                    node.path("state").asText("").equals("ALIVE"),
                    has.path("CPU").doubleValue(),
                    has.path("GPU").doubleValue()));
        }
        return List.copyOf(nodes);
    }

    /**
     * Uploads files to the cluster, unless the cluster already has them.
     *
     * @param zip package with the files at its root
     * @param hash hash of its bytes, which names the package
     * @return the address of the files for a job
     */
    public String upload(Path zip, String hash, Progress progress) throws IOException {
        String file = "_ray_pkg_%s.zip".formatted(hash);
        String path = "api/packages/gcs/" + file;
        if (send(get(path), progress).statusCode() != 200) {
            HttpRequest put;
            try {
                put = request(path)
                        .timeout(UPLOAD)
                        .PUT(HttpRequest.BodyPublishers.ofFile(zip))
                        .build();
            } catch (FileNotFoundException e) {
                throw new UserException("There is no file %s.".formatted(zip), e);
            }
            accepted(send(put, progress), "take the program");
        }
        return "gcs://" + file;
    }

    /**
     * Starts a job.
     *
     * @param id id of the job; refused if another job has this id
     * @param files address of the files, as {@link #upload} returned it
     */
    public void submit(String id, String command, String files, Progress progress) throws IOException {
        ObjectNode body = Json.object();
        body.put("entrypoint", command);
        body.put("submission_id", id);
        ObjectNode environment = body.putObject("runtime_env");
        environment.put("working_dir", files);
        environment.putObject("env_vars");
        HttpRequest post = request("api/jobs/")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Json.line(body)))
                .build();
        accepted(send(post, progress), "start the job");
    }

    /**
     * Returns a job; empty if the cluster does not know the id, for example after a restart of its head.
     *
     * @throws IOException also if another server on the way answers that there is no such page
     */
    public Optional<RayJob> job(String id, Progress progress) throws IOException {
        HttpResponse<String> reply = send(get("api/jobs/" + encoded(id)), progress);
        if (unknown(reply, id)) {
            return Optional.empty();
        }
        JsonNode json = tree(accepted(reply, "tell of the job " + id));
        JsonNode status = json.path("status");
        if (!status.isTextual()
                || status.textValue().isEmpty()
                || !json.path("submission_id").asText(id).equals(id)) {
            throw nothingOf(id);
        }
        return Optional.of(new RayJob(
                RayJob.State.of(status.textValue()), json.path("message").asText("")));
    }

    /**
     * Returns all output of a job so far.
     *
     * @throws UserException if the answer has no output
     */
    public String logs(String id, Progress progress) throws IOException {
        JsonNode logs = tree(accepted(
                        send(get("api/jobs/" + encoded(id) + "/logs"), progress), "show the log of " + id))
                .path("logs");
        if (!logs.isTextual() && !logs.isNull()) {
            throw nothingOf(id);
        }
        return logs.isNull() ? "" : logs.textValue();
    }

    private UserException nothingOf(String id) {
        return new UserException(
                "What answers at %s tells nothing of the job %s, as a page to log in does; check the way to the dashboard."
                        .formatted(dashboard, id));
    }

    /** Asks a job to stop; has no effect on a job that is over or unknown. */
    public void stop(String id, Progress progress) throws IOException {
        HttpRequest post = request("api/jobs/" + encoded(id) + "/stop")
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        HttpResponse<String> reply = send(post, progress);
        if (!unknown(reply, id) && reply.statusCode() != 200) {
            throw refused(reply, "stop the job " + id);
        }
    }

    /**
     * Returns true if Ray says that it does not know a job.
     *
     * @throws IOException if the answer is a missing page in other words than Ray's, for example a proxy's
     */
    private static boolean unknown(HttpResponse<String> reply, String id) throws IOException {
        if (reply.statusCode() != 404) {
            return false;
        }
        if (!reply.body().strip().equals("Job %s does not exist".formatted(id))) {
            throw new IOException("HTTP 404 from another program than Ray, for example a proxy");
        }
        return true;
    }

    private HttpRequest get(String path) {
        return request(path).GET().build();
    }

    private HttpRequest.Builder request(String path) {
        String base = dashboard.toString();
        return HttpRequest.newBuilder(URI.create((base.endsWith("/") ? base : base + "/") + path))
                .timeout(ANSWER)
                .header("User-Agent", "layerwise");
    }

    private static String encoded(String id) {
        return URLEncoder.encode(id, StandardCharsets.UTF_8);
    }

    /** Returns the content of an answer, unless it is a refusal. */
    private String accepted(HttpResponse<String> reply, String what) {
        if (reply.statusCode() != 200) {
            throw refused(reply, what);
        }
        return reply.body();
    }

    private static JsonNode tree(String text) {
        try {
            return Json.parse(text);
        } catch (JsonProcessingException e) {
            return Json.object(); // the caller finds no values in it
        }
    }

    /** Returns the exception for a refusal. Ray answers with a traceback, whose last line gives the reason. */
    private UserException refused(HttpResponse<String> reply, String what) {
        String words = reply.body()
                .lines()
                .map(String::strip)
                .filter(line -> line.length() > 1)
                .reduce((first, second) -> second)
                .orElse("no reason given")
                .replaceAll("^[A-Za-z_.]+(?:Error|Exception): ", "")
                .replaceAll("\\.$", "");
        return new UserException("The Ray cluster %s did not %s (HTTP %s): %s."
                .formatted(
                        name, what, reply.statusCode(), words.length() > 300 ? words.substring(0, 300) + "…" : words));
    }

    /** Sends a request and follows redirects; the limit of time covers the whole. */
    private HttpResponse<String> send(HttpRequest request, Progress progress) throws IOException {
        long end = System.nanoTime() + request.timeout().orElse(ANSWER).toNanos();
        HttpRequest next = request;
        for (int redirects = 0; redirects <= Redirects.MOST; redirects++) {
            HttpResponse<String> reply = answer(next, Duration.ofNanos(end - System.nanoTime()), progress);
            if (!Redirects.isRedirect(reply.statusCode())) {
                if (!next.method().equals(request.method())) {
                    throw redirected(request, next.uri());
                }
                return reply;
            }
            next = follow(next, reply);
        }
        throw new IOException("it redirects from one address to another without end");
    }

    /**
     * Waits for the whole answer to a request.
     *
     * @param longest maximum time; the client's own limit ends with the headers
     */
    private HttpResponse<String> answer(HttpRequest request, Duration longest, Progress progress) throws IOException {
        progress.check();
        try {
            return CancellableWait.answer(
                    client.sendAsync(
                            request,
                            LimitedBodyReader.of("The answer of the Ray cluster %s (%s)"
                                    .formatted(name, request.uri().getPath()))),
                    longest,
                    progress);
        } catch (ExecutionException e) {
            for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
                if (cause instanceof UserException told) {
                    throw told; // the answer is too long
                }
            }
            throw noAnswer(Objects.requireNonNull(e.getCause()));
        } catch (TimeoutException e) {
            throw noAnswer(e);
        }
    }

    /**
     * Returns the request to which a redirect leads. As in browsers, 303 makes every request a GET without content, 301 and 302
     * do so with a POST, and 307 and 308 keep the request.
     */
    private static HttpRequest follow(HttpRequest request, HttpResponse<String> reply) throws IOException {
        URI from = request.uri();
        String location = reply.headers().firstValue("Location").orElse("");
        URI to;
        try {
            to = from.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new IOException(NO_ADDRESS, e);
        }
        if (location.isEmpty() || !Redirects.isWeb(to) || Redirects.isDowngrade(from, to)) {
            throw new IOException(NO_ADDRESS);
        }
        int status = reply.statusCode();
        boolean get = status == 303
                || (status == 301 || status == 302) && request.method().equals("POST");
        HttpRequest.Builder next =
                HttpRequest.newBuilder(request, (name, value) -> true).uri(to);
        return get ? next.GET().build() : next.build();
    }

    /**
     * Returns the exception for a request that a redirect turned into a GET without content, so that Ray never saw it.
     *
     * @param to address to which the request was sent on
     */
    private UserException redirected(HttpRequest request, URI to) {
        String base = dashboard.toString().replaceAll("/$", "");
        String path = request.uri().toString().substring(base.length());
        String other = to.toString();
        return new UserException(
                other.endsWith(path)
                        ? "%s sends requests on to %s, where they lose their content; register that address for %s instead."
                                .formatted(dashboard, other.substring(0, other.length() - path.length()), name)
                        : "%s sends requests on to %s, which is no Ray dashboard; check the way to the dashboard of %s."
                                .formatted(dashboard, other, name));
    }

    private static IOException noAnswer(Throwable cause) {
        if (cause instanceof HttpTimeoutException || cause instanceof TimeoutException) {
            return new IOException("it does not answer", cause);
        }
        if (cause instanceof IOException failure) {
            return new IOException(
                    failure.getMessage() == null ? "nothing listens there" : failure.getMessage(), failure);
        }
        return new IOException("its answer cannot be read", cause);
    }
}
