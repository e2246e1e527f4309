package org.layerwise.gui.preferences;

import static org.layerwise.gui.common.Messages.text;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javafx.beans.InvalidationListener;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import org.layerwise.base.UserException;
import org.layerwise.remote.Cluster;
import org.layerwise.remote.ClusterRules;
import org.layerwise.remote.StorageFolder;
import org.layerwise.remote.slurm.SlurmRequest;
import org.layerwise.remote.ssh.SshAccess;
import org.layerwise.remote.ssh.SshAddress;

/** Form for a cluster with its validation. Independent of the JavaFX toolkit. */
public final class ClusterForm {

    /** Scheduler of the cluster. */
    public enum Kind {
        RAY("Ray", "python"),
        SLURM("Slurm", "python3");

        private final String word;
        private final String python;

        Kind(String word, String python) {
            this.word = word;
            this.python = python;
        }

        /** Returns the name of the scheduler. */
        String word() {
            return word;
        }

        /** Returns the default Python command. */
        String python() {
            return python;
        }
    }

    /** Part of the form that is a text. */
    enum Part {
        NAME,
        /** Address of Ray's dashboard. */
        DASHBOARD,
        /** SSH host. */
        HOST,
        KEY,
        JUMP,
        STORAGE,
        STORAGE_HERE,
        PYTHON,
        PARTITION,
        ACCOUNT,
        TIME,
        /** Shell lines to run before the job. */
        SETUP;

        /** Returns the name of the part in the keys of its texts and in the id of its control. */
        String key() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final Map<Part, StringProperty> parts = new EnumMap<>(Part.class);
    private final ObjectProperty<Kind> kind = new SimpleObjectProperty<>(Kind.RAY);
    private final IntegerProperty nodes = new SimpleIntegerProperty(1);
    private final IntegerProperty gpus = new SimpleIntegerProperty(0);
    private final ReadOnlyStringWrapper mistake = new ReadOnlyStringWrapper("");

    public ClusterForm() {
        InvalidationListener judge = changed -> validate();
        for (Part part : Part.values()) {
            parts.put(part, new SimpleStringProperty(""));
        }
        Stream.concat(Stream.of(kind, nodes, gpus), parts.values().stream()).forEach(part -> part.addListener(judge));
        validate();
    }

    /** Returns the text of a part; empty if it is not given. */
    StringProperty of(Part part) {
        return Objects.requireNonNull(parts.get(part));
    }

    ObjectProperty<Kind> kind() {
        return kind;
    }

    IntegerProperty nodes() {
        return nodes;
    }

    IntegerProperty gpus() {
        return gpus;
    }

    /** Returns the first mistake in the form, in one sentence; empty if the form is valid. */
    public ReadOnlyStringProperty mistakeProperty() {
        return mistake.getReadOnlyProperty();
    }

    /** Clears the form. */
    void clear() {
        parts.values().forEach(part -> part.set(""));
        nodes.set(1);
        gpus.set(0);
    }

    /** Fills the form with the values of a cluster. */
    void fill(Cluster place) {
        clear();
        of(Part.NAME).set(place.name());
        of(Part.STORAGE).set(place.storage().there());
        of(Part.STORAGE_HERE).set(place.storage().here().map(Path::toString).orElse(""));
        place.ssh().ifPresent(access -> {
            of(Part.HOST).set(access.address().toString());
            of(Part.KEY).set(access.key().map(Path::toString).orElse(""));
            of(Part.JUMP).set(access.jump().map(SshAddress::toString).orElse(""));
        });
        if (place instanceof Cluster.Ray ray) {
            kind.set(Kind.RAY);
            of(Part.DASHBOARD).set(ray.dashboard().toString());
        } else if (place instanceof Cluster.Slurm slurm) {
            kind.set(Kind.SLURM);
            SlurmRequest request = slurm.request();
            of(Part.PARTITION).set(request.partition().orElse(""));
            of(Part.ACCOUNT).set(request.account().orElse(""));
            of(Part.TIME).set(request.time().orElse(""));
            nodes.set(request.nodes());
            gpus.set(request.gpus());
            of(Part.SETUP).set(String.join("\n", request.setup()));
        }
        of(Part.PYTHON).set(place.python().equals(kind.get().python()) ? "" : place.python());
    }

    /**
     * Returns the cluster described by the form.
     *
     * @throws UserException if a value is missing or invalid
     */
    public Cluster target() {
        require(Part.NAME, "cluster.needs.name");
        boolean ray = kind.get() == Kind.RAY;
        require(ray ? Part.DASHBOARD : Part.HOST, ray ? "cluster.needs.dashboard" : "cluster.needs.host");
        require(Part.STORAGE, "cluster.needs.storage");
        StorageFolder folder =
                new StorageFolder(words(Part.STORAGE).orElseThrow(), ray ? path(Part.STORAGE_HERE) : Optional.empty());
        Optional<SshAccess> access = words(Part.HOST)
                .map(address -> new SshAccess(
                        SshAddress.of(text("cluster.field.host"), address),
                        path(Part.KEY).map(ClusterForm::file),
                        words(Part.JUMP).map(other -> SshAddress.of(text("cluster.field.jump"), other))));
        String program = words(Part.PYTHON).orElse(kind.get().python());
        if (ray) {
            if (access.isEmpty() && folder.here().isEmpty()) {
                throw new UserException(text("cluster.needs.way"));
            }
            return new Cluster.Ray(
                    words(Part.NAME).orElseThrow(),
                    ClusterRules.dashboard(words(Part.DASHBOARD).orElseThrow()),
                    folder,
                    access,
                    program);
        }
        SlurmRequest request = new SlurmRequest(
                words(Part.PARTITION),
                words(Part.ACCOUNT),
                words(Part.TIME),
                nodes.get(),
                gpus.get(),
                List.of(of(Part.SETUP).get().split("\n")));
        return new Cluster.Slurm(words(Part.NAME).orElseThrow(), access.orElseThrow(), folder, program, request);
    }

    private void require(Part part, String sentence) {
        if (words(part).isEmpty()) {
            throw new UserException(text(sentence));
        }
    }

    private Optional<String> words(Part part) {
        return Optional.of(of(part).get().strip()).filter(words -> !words.isEmpty());
    }

    private Optional<Path> path(Part part) {
        return words(part).map(words -> {
            try {
                return Path.of(words);
            } catch (InvalidPathException e) {
                throw new UserException(text("cluster.no.path", words), e);
            }
        });
    }

    private static Path file(Path key) {
        if (!Files.isRegularFile(key)) {
            throw new UserException(text("cluster.no.key", key));
        }
        return key.toAbsolutePath().normalize();
    }

    private void validate() {
        mistake.set(UserException.messageOf(this::target));
    }
}
