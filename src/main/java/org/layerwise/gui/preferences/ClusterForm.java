package org.layerwise.gui.preferences;

import static org.layerwise.gui.common.Messages.text;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javafx.beans.InvalidationListener;
import javafx.beans.Observable;
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

    private final ObjectProperty<Kind> kind = new SimpleObjectProperty<>(Kind.RAY);
    private final StringProperty name = new SimpleStringProperty("");
    private final StringProperty dashboard = new SimpleStringProperty("");
    private final StringProperty host = new SimpleStringProperty("");
    private final StringProperty key = new SimpleStringProperty("");
    private final StringProperty jump = new SimpleStringProperty("");
    private final StringProperty storage = new SimpleStringProperty("");
    private final StringProperty storageHere = new SimpleStringProperty("");
    private final StringProperty python = new SimpleStringProperty("");
    private final StringProperty partition = new SimpleStringProperty("");
    private final StringProperty account = new SimpleStringProperty("");
    private final StringProperty time = new SimpleStringProperty("");
    private final IntegerProperty nodes = new SimpleIntegerProperty(1);
    private final IntegerProperty gpus = new SimpleIntegerProperty(0);
    private final StringProperty setup = new SimpleStringProperty("");
    private final ReadOnlyStringWrapper mistake = new ReadOnlyStringWrapper("");

    public ClusterForm() {
        InvalidationListener judge = changed -> validate();
        parts().forEach(part -> part.addListener(judge));
        validate();
    }

    private Stream<Observable> parts() {
        return Stream.of(
                kind,
                name,
                dashboard,
                host,
                key,
                jump,
                storage,
                storageHere,
                python,
                partition,
                account,
                time,
                nodes,
                gpus,
                setup);
    }

    ObjectProperty<Kind> kind() {
        return kind;
    }

    StringProperty name() {
        return name;
    }

    /** Returns the address of Ray's dashboard. */
    StringProperty dashboard() {
        return dashboard;
    }

    /** Returns the SSH host; empty for none. */
    StringProperty host() {
        return host;
    }

    StringProperty key() {
        return key;
    }

    StringProperty jump() {
        return jump;
    }

    StringProperty storage() {
        return storage;
    }

    StringProperty storageHere() {
        return storageHere;
    }

    StringProperty python() {
        return python;
    }

    StringProperty partition() {
        return partition;
    }

    StringProperty account() {
        return account;
    }

    StringProperty time() {
        return time;
    }

    IntegerProperty nodes() {
        return nodes;
    }

    IntegerProperty gpus() {
        return gpus;
    }

    /** Returns shell lines to run before the job. */
    StringProperty setup() {
        return setup;
    }

    /** Returns the first mistake in the form, in one sentence; empty if the form is valid. */
    public ReadOnlyStringProperty mistakeProperty() {
        return mistake.getReadOnlyProperty();
    }

    /** Clears the form. */
    void clear() {
        Stream.of(name, dashboard, host, key, jump, storage, storageHere, python, partition, account, time, setup)
                .forEach(word -> word.set(""));
        nodes.set(1);
        gpus.set(0);
    }

    /** Fills the form with the values of a cluster. */
    void fill(Cluster place) {
        clear();
        name.set(place.name());
        storage.set(place.storage().there());
        storageHere.set(place.storage().here().map(Path::toString).orElse(""));
        place.ssh().ifPresent(access -> {
            host.set(access.address().toString());
            key.set(access.key().map(Path::toString).orElse(""));
            jump.set(access.jump().map(SshAddress::toString).orElse(""));
        });
        if (place instanceof Cluster.Ray ray) {
            kind.set(Kind.RAY);
            dashboard.set(ray.dashboard().toString());
        } else if (place instanceof Cluster.Slurm slurm) {
            kind.set(Kind.SLURM);
            SlurmRequest request = slurm.request();
            partition.set(request.partition().orElse(""));
            account.set(request.account().orElse(""));
            time.set(request.time().orElse(""));
            nodes.set(request.nodes());
            gpus.set(request.gpus());
            setup.set(String.join("\n", request.setup()));
        }
        python.set(place.python().equals(kind.get().python()) ? "" : place.python());
    }

    /**
     * Returns the cluster described by the form.
     *
     * @throws UserException if a value is missing or invalid
     */
    public Cluster target() {
        require(name, "cluster.needs.name");
        boolean ray = kind.get() == Kind.RAY;
        require(ray ? dashboard : host, ray ? "cluster.needs.dashboard" : "cluster.needs.host");
        require(storage, "cluster.needs.storage");
        StorageFolder folder =
                new StorageFolder(words(storage).orElseThrow(), path(ray ? storageHere : new SimpleStringProperty("")));
        Optional<SshAccess> access = words(host)
                .map(address -> new SshAccess(
                        SshAddress.of(text("cluster.field.host"), address),
                        path(key).map(ClusterForm::file),
                        words(jump).map(other -> SshAddress.of(text("cluster.field.jump"), other))));
        String program = words(python).orElse(kind.get().python());
        if (ray) {
            if (access.isEmpty() && folder.here().isEmpty()) {
                throw new UserException(text("cluster.needs.way"));
            }
            return new Cluster.Ray(
                    words(name).orElseThrow(),
                    ClusterRules.dashboard(words(dashboard).orElseThrow()),
                    folder,
                    access,
                    program);
        }
        SlurmRequest request = new SlurmRequest(
                words(partition),
                words(account),
                words(time),
                nodes.get(),
                gpus.get(),
                List.of(setup.get().split("\n")));
        return new Cluster.Slurm(words(name).orElseThrow(), access.orElseThrow(), folder, program, request);
    }

    private static void require(StringProperty part, String sentence) {
        if (words(part).isEmpty()) {
            throw new UserException(text(sentence));
        }
    }

    private static Optional<String> words(StringProperty part) {
        return Optional.of(part.get().strip()).filter(words -> !words.isEmpty());
    }

    private static Optional<Path> path(StringProperty part) {
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
        try {
            target();
            mistake.set("");
        } catch (UserException e) {
            mistake.set(String.valueOf(e.getMessage()));
        }
    }
}
