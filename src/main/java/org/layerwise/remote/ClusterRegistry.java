package org.layerwise.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.layerwise.base.Spelling;
import org.layerwise.base.UserException;
import org.layerwise.base.file.SettingsFile;
import org.layerwise.base.json.Json;

/**
 * Clusters that a user has registered, in the order in which they were added: {@code remote.json} in the folder of
 * settings.
 */
public final class ClusterRegistry {

    /** Name of the file in the folder of settings. */
    public static final String FILE = "remote.json";

    private static final int VERSION = 1;

    private final Path file;

    /**
     * Creates the list of clusters.
     *
     * @param config the folder of settings; may be missing
     */
    public ClusterRegistry(Path config) {
        this.file = config.resolve(FILE);
    }

    /**
     * Returns all clusters.
     *
     * @throws UserException if the file is broken, or of a newer version of the program
     */
    public List<Cluster> all() {
        if (!Files.exists(file)) {
            return List.of();
        }
        JsonNode tree = Json.read(file);
        int version = tree.path("version").intValue();
        if (version > VERSION) {
            throw new UserException("%s was written by a newer version of Layerwise; update this one.".formatted(file));
        }
        if (version < 1 || !tree.path("targets").isArray()) {
            throw new UserException(
                    "%s holds no targets of Layerwise; delete it, and add them again with layerwise remote add."
                            .formatted(file));
        }
        List<Cluster> targets = new ArrayList<>();
        for (JsonNode one : tree.path("targets")) {
            targets.add(ClusterJson.read(file, one));
        }
        return List.copyOf(targets);
    }

    /**
     * Returns the cluster with a name.
     *
     * @throws UserException that names the registered clusters if there is none of that name
     */
    public Cluster get(String name) {
        List<Cluster> all = all();
        return find(all, name).orElseThrow(() -> unknown(name, all));
    }

    private static Optional<Cluster> find(List<Cluster> all, String name) {
        return all.stream().filter(target -> target.name().equals(name)).findFirst();
    }

    /**
     * Returns the cluster that a job was sent to.
     *
     * @param run the job's folder on this computer, for the message
     * @throws UserException if it is no longer registered
     */
    public Cluster of(JobTicket ticket, Path run) {
        return find(all(), ticket.target())
                .orElseThrow(() -> new UserException(
                        "What %s names was sent to %s, which is no target any more; add it again under that name, with layerwise remote add %s or in the window's Settings."
                                .formatted(run.resolve(JobTicket.FILE), ticket.target(), ticket.target())));
    }

    /**
     * Adds a cluster.
     *
     * @param replace true to replace a cluster with the same name
     * @throws UserException if the name is taken, or the file cannot be written
     */
    public void add(Cluster target, boolean replace) {
        change(all -> {
            int at = index(all, target.name());
            if (at >= 0 && !replace) {
                throw new UserException(
                        "There is a target %s already; choose another name, or replace it with --replace."
                                .formatted(target.name()));
            }
            if (at >= 0) {
                all.set(at, target);
            } else {
                all.add(target);
            }
        });
    }

    /**
     * Replaces a cluster by another one, which may have the same name.
     *
     * @throws UserException if there is no such cluster, a third one has the new name, or the file cannot be written
     */
    public void replace(String name, Cluster target) {
        change(all -> {
            int at = index(all, name);
            if (at < 0) {
                throw unknown(name, all);
            }
            int same = index(all, target.name());
            if (same >= 0 && same != at) {
                throw new UserException("There is a target %s already; choose another name.".formatted(target.name()));
            }
            all.set(at, target);
        });
    }

    /**
     * Removes a cluster from the list. The files in its storage remain.
     *
     * @throws UserException if there is none of that name
     */
    public void remove(String name) {
        change(all -> {
            int at = index(all, name);
            if (at < 0) {
                throw unknown(name, all);
            }
            all.remove(at);
        });
    }

    /** Changes the list that the file contains at this moment. */
    private void change(Consumer<List<Cluster>> change) {
        SettingsFile.change(file, () -> {
            List<Cluster> all = new ArrayList<>(all());
            change.accept(all);
            write(all);
        });
    }

    private void write(List<Cluster> all) {
        ObjectNode tree = Json.object();
        tree.put("version", VERSION);
        ArrayNode list = tree.putArray("targets");
        all.forEach(target -> list.add(ClusterJson.write(target)));
        Json.write(file, tree);
    }

    private static int index(List<Cluster> all, String name) {
        return all.stream().map(Cluster::name).toList().indexOf(name);
    }

    private static UserException unknown(String name, List<Cluster> all) {
        if (all.isEmpty()) {
            return new UserException(
                    "There is no target %s, and no other; add one with layerwise remote add.".formatted(name));
        }
        List<String> names = all.stream().map(Cluster::name).toList();
        Optional<String> near = Spelling.nearest(name, names);
        return new UserException(near.map(other -> "There is no target %s; did you mean %s?".formatted(name, other))
                .orElseGet(() -> "There is no target %s; there are %s."
                        .formatted(name, names.stream().collect(Collectors.joining(", ")))));
    }
}
