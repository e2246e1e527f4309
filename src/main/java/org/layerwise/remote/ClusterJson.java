package org.layerwise.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerwise.base.PlainText;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.base.json.JsonNumbers;
import org.layerwise.remote.slurm.SlurmRequest;
import org.layerwise.remote.ssh.SshAccess;
import org.layerwise.remote.ssh.SshAddress;

/** Reads and writes a cluster as {@code remote.json} contains it. */
final class ClusterJson {

    private ClusterJson() {}

    static ObjectNode write(Cluster target) {
        ObjectNode json = Json.object();
        json.put("name", target.name());
        if (target instanceof Cluster.Ray ray) {
            json.put("kind", "ray");
            json.put("dashboard", ray.dashboard().toString());
        } else if (target instanceof Cluster.Slurm slurm) {
            json.put("kind", "slurm");
            request(json, slurm.request());
        }
        target.ssh().ifPresent(access -> {
            ObjectNode ssh = json.putObject("ssh");
            ssh.put("host", access.address().toString());
            access.key().ifPresent(key -> ssh.put("key", key.toString()));
            access.jump().ifPresent(jump -> ssh.put("jump", jump.toString()));
        });
        json.put("storage", target.storage().there());
        target.storage().here().ifPresent(here -> json.put("storage_here", here.toString()));
        json.put("python", target.python());
        return json;
    }

    private static void request(ObjectNode json, SlurmRequest request) {
        request.partition().ifPresent(word -> json.put("partition", word));
        request.account().ifPresent(word -> json.put("account", word));
        request.time().ifPresent(word -> json.put("time", word));
        json.put("nodes", request.nodes());
        json.put("gpus", request.gpus());
        ArrayNode setup = json.putArray("setup");
        request.setup().forEach(setup::add);
    }

    /**
     * Reads a cluster.
     *
     * @throws UserException that names the file and the cluster if the content is invalid
     */
    static Cluster read(Path file, JsonNode json) {
        String name = json.path("name").asText("");
        try {
            StorageFolder storage = new StorageFolder(json.path("storage").asText(""), path(json, "storage_here"));
            String python = json.path("python").asText("python3");
            String kind = json.path("kind").asText("");
            return switch (kind) {
                case "ray" ->
                    new Cluster.Ray(
                            name,
                            ClusterRules.dashboard(json.path("dashboard").asText("")),
                            storage,
                            ssh(json.path("ssh")),
                            python);
                case "slurm" ->
                    new Cluster.Slurm(
                            name,
                            ssh(json.path("ssh")).orElseThrow(() -> new UserException("It has no SSH host.")),
                            storage,
                            python,
                            request(json));
                default -> throw new UserException("Its kind is \"%s\", not ray or slurm.".formatted(kind));
            };
        } catch (UserException e) {
            throw new UserException(
                    "The target \"%s\" in %s cannot be used: %s".formatted(name, file, e.getMessage()), e);
        }
    }

    private static SlurmRequest request(JsonNode json) {
        List<String> setup = new ArrayList<>();
        json.path("setup").forEach(line -> setup.add(line.asText()));
        return new SlurmRequest(
                text(json, "partition"),
                text(json, "account"),
                text(json, "time"),
                count(json, "nodes", 1),
                count(json, "gpus", 0),
                setup);
    }

    /**
     * Reads a whole number; returns {@code otherwise} if the file does not give it.
     *
     * @throws UserException if the value is anything else
     */
    static int count(JsonNode json, String key, int otherwise) {
        JsonNode value = json.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!JsonNumbers.isWhole(value, 0, Integer.MAX_VALUE)) {
            throw new UserException("Its \"%s\" is %s, not a whole number from 0 to %s."
                    .formatted(key, PlainText.message(value.toString()), Integer.MAX_VALUE));
        }
        return value.intValue();
    }

    private static Optional<SshAccess> ssh(JsonNode json) {
        if (!json.isObject()) {
            return Optional.empty();
        }
        return Optional.of(new SshAccess(
                SshAddress.of("The host", json.path("host").asText("")),
                path(json, "key"),
                text(json, "jump").map(jump -> SshAddress.of("The jump host", jump))));
    }

    private static Optional<String> text(JsonNode json, String key) {
        return json.hasNonNull(key) ? Optional.of(json.path(key).asText()) : Optional.empty();
    }

    private static Optional<Path> path(JsonNode json, String key) {
        try {
            return text(json, key).map(Path::of);
        } catch (InvalidPathException e) {
            throw new UserException(
                    "\"%s\" is no path on this computer."
                            .formatted(json.path(key).asText()),
                    e);
        }
    }
}
