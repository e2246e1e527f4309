package org.layerwise.checkpoint.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.ResponseLimit;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;

/**
 * Requests to the hub about one revision of one model. All methods throw {@link UserException} if the hub refuses,
 * {@link CancelledException} if cancelled, and {@link IOException} if the network failed repeatedly.
 */
record HubClient(HubSettings settings, Timeouts patience, HubHttp http, HubId id, String revision) {

    private HubErrors errors() {
        return new HubErrors(settings, id, revision);
    }

    URI endpoint() {
        return settings.endpoint();
    }

    /** Returns the address of the model's page for users. */
    String page() {
        return settings.page(id);
    }

    /** Returns the commit that the revision refers to, and its files. */
    ModelInfo info(Progress progress) throws IOException {
        URI uri = URI.create(
                "%s/api/models/%s/revision/%s?blobs=true".formatted(settings.endpoint(), id, encoded(revision)));
        byte[] answer = bytes(uri, "", ResponseLimit.MOST_BYTES, progress);
        try {
            return info(Json.parse(new String(answer, StandardCharsets.UTF_8)));
        } catch (JsonProcessingException e) {
            throw notAHub();
        }
    }

    /** Returns the whole content of a small file. */
    byte[] bytes(String commit, String file, long mostBytes, Progress progress) throws IOException {
        return bytes(address(commit, file), file, mostBytes, progress);
    }

    /**
     * Returns size and name of the content of a file for which the list of files does not give them, as on some
     * mirrors.
     */
    RemoteFile head(String commit, String file, Progress progress) throws IOException {
        return retried(file, progress, () -> {
            try (HubHttp.Reply reply = http.send("HEAD", address(commit, file), Map.of(), false, progress)) {
                errors().check(reply, file);
                Optional<String> size = reply.header("X-Linked-Size").or(() -> reply.header("Content-Length"));
                String header = reply.header("X-Linked-Etag").isPresent() ? "X-Linked-Etag" : "ETag";
                Optional<String> etag = reply.header(header);
                if (size.isEmpty() || !size.get().matches("\\d{1,18}") || etag.isEmpty()) {
                    throw new UserException(
                            "%s tells no size or no ETag of %s of %s, so it cannot be downloaded safely; check HF_ENDPOINT."
                                    .formatted(settings.endpoint(), file, id));
                }
                return RemoteFile.of(commit, file, Long.parseLong(size.get()), requireEtag(etag.get(), file), header);
            }
        });
    }

    /**
     * Requests the bytes of a file once, without another attempt.
     *
     * @param from index of the first requested byte
     */
    HubHttp.Reply open(String commit, String file, long from, Progress progress) throws IOException {
        Map<String, String> headers = from == 0 ? Map.of() : Map.of("Range", "bytes=%s-".formatted(from));
        HubHttp.Reply reply = http.send("GET", address(commit, file), headers, true, progress);
        try {
            if (reply.status() != 416) {
                errors().check(reply, file);
            }
            reply.header("X-Repo-Commit")
                    .filter(other -> Revisions.isCommit(other) && !other.equals(commit))
                    .ifPresent(other -> {
                        throw anotherCommit(file + " of " + id);
                    });
            return reply;
        } catch (IOException | RuntimeException e) {
            reply.close();
            throw e;
        }
    }

    /** Returns the exception for a network that failed repeatedly. */
    UserException unreachable(IOException failure) {
        if (failure instanceof ServerBusyException) {
            return new UserException(
                    "%s does not serve %s now: %s; try again later, or set HF_HUB_OFFLINE=1 to use only the models in the cache."
                            .formatted(settings.endpoint(), id, failure.getMessage()),
                    failure);
        }
        return new UserException(
                "Cannot reach %s: %s; check the network, or set HF_HUB_OFFLINE=1 to use only the models in the cache."
                        .formatted(settings.endpoint(), NetworkErrors.reason(failure)),
                failure);
    }

    private interface Attempt<T> {
        T run() throws IOException;
    }

    private <T> T retried(String what, Progress progress, Attempt<T> attempt) throws IOException {
        RetryCounter attempts = new RetryCounter(patience);
        while (true) {
            try {
                return attempt.run();
            } catch (IOException e) {
                if (NetworkErrors.isUnreachable(e)) {
                    throw e;
                }
                attempts.failed(
                        e, "Asking %s for %s".formatted(settings.endpoint().getHost(), what), progress);
            }
        }
    }

    private byte[] bytes(URI uri, String file, long mostBytes, Progress progress) throws IOException {
        return retried(file.isEmpty() ? id.text() : file, progress, () -> {
            try (HubHttp.Reply reply = http.send("GET", uri, Map.of(), true, progress)) {
                errors().check(reply, file);
                String what = "%s of %s from %s"
                        .formatted(file.isEmpty() ? "The list of the files" : file, id, settings.endpoint());
                return reply.body().all(what, mostBytes, progress);
            }
        });
    }

    private ModelInfo info(JsonNode answer) {
        String commit = answer.path("sha").asText();
        if (!Revisions.isCommit(commit) || !answer.path("siblings").isArray()) {
            throw notAHub();
        }
        if (Revisions.isCommit(revision) && !commit.equals(revision)) {
            throw anotherCommit(id.text());
        }
        Map<String, ModelInfo.Sibling> files = new LinkedHashMap<>();
        for (JsonNode file : answer.path("siblings")) {
            String name = file.path("rfilename").asText();
            JsonNode size = file.path("size");
            JsonNode large = file.path("lfs");
            String etag = large.path("sha256")
                    .asText(large.path("oid")
                            .asText(large.isObject() ? "" : file.path("blobId").asText()));
            files.putIfAbsent(
                    name,
                    new ModelInfo.Sibling(
                            name,
                            size.canConvertToLong() && size.isIntegralNumber() && size.longValue() >= 0
                                    ? OptionalLong.of(size.longValue())
                                    : OptionalLong.empty(),
                            Optional.of(etag).filter(text -> !text.isEmpty()).map(text -> requireEtag(text, name))));
        }
        JsonNode gated = answer.path("gated");
        return new ModelInfo(commit, gated.isTextual() || gated.booleanValue(), files);
    }

    private UserException anotherCommit(String what) {
        return new UserException("%s gives %s from another commit than it was asked for; check HF_ENDPOINT."
                .formatted(settings.endpoint(), what));
    }

    private UserException notAHub() {
        return new UserException(
                "%s does not answer as a hub of models does; check HF_ENDPOINT.".formatted(settings.endpoint()));
    }

    /** Returns an ETag without the marks of the HTTP header; it becomes the name of a file on this machine. */
    private String requireEtag(String text, String file) {
        String etag = RemoteFile.etag(text);
        if (!etag.matches("\\w[\\w.-]{0,127}")) {
            throw new UserException(
                    "%s gives %s of %s the ETag '%s', which cannot be the name of a file; check HF_ENDPOINT."
                            .formatted(settings.endpoint(), file, id, etag));
        }
        return etag;
    }

    private URI address(String commit, String file) {
        String path = Stream.of(file.split("/")).map(HubClient::encoded).collect(Collectors.joining("/"));
        return URI.create("%s/%s/resolve/%s/%s".formatted(settings.endpoint(), id, commit, path));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
