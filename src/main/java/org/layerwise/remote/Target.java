package org.layerwise.remote;

import java.net.URI;
import java.util.Optional;
import org.layerwise.base.UserException;
import org.layerwise.remote.slurm.SlurmRequest;
import org.layerwise.remote.ssh.SshAccess;

/** Somewhere else where work can be done. */
public sealed interface Target {

    /** What people call it; letters, digits, dots, hyphens and underscores. */
    String name();

    /** Where its files are. */
    StorageFolder storage();

    /** How files, and whatever else is not on an open port, are reached; empty where a shared folder is enough. */
    Optional<SshAccess> ssh();

    /** The program that runs Python there. */
    String python();

    /**
     * A Ray cluster.
     *
     * @param dashboard its address, as this computer sees it or, with {@code ssh}, as the SSH host sees it
     */
    record Ray(String name, URI dashboard, StorageFolder storage, Optional<SshAccess> ssh, String python)
            implements Target {

        /** @throws UserException if something makes no sense */
        public Ray {
            TargetRules.name(name);
            TargetRules.dashboard(dashboard);
            TargetRules.python(python);
            if (ssh.isEmpty() && storage.here().isEmpty()) {
                throw new UserException(
                        "Files must get to %s somehow: name an SSH host, or where its folder %s is on this computer."
                                .formatted(name, storage.there()));
            }
        }
    }

    /** A queue of Slurm. */
    record Slurm(String name, SshAccess host, StorageFolder storage, String python, SlurmRequest request)
            implements Target {

        /** @throws UserException if something makes no sense */
        public Slurm {
            TargetRules.name(name);
            TargetRules.python(python);
        }

        @Override
        public Optional<SshAccess> ssh() {
            return Optional.of(host);
        }
    }
}
