package org.layerwise.remote;

import java.net.URI;
import java.util.Optional;
import org.layerwise.base.UserException;
import org.layerwise.remote.slurm.SlurmRequest;
import org.layerwise.remote.ssh.SshAccess;

/** Cluster that can run jobs. */
public sealed interface Cluster {

    /** Returns the name of the cluster for users; letters, digits, dots, hyphens and underscores. */
    String name();

    /** Returns the folder of its files. */
    StorageFolder storage();

    /** Returns the SSH access to files and to ports that are not open; empty if a shared folder is sufficient. */
    Optional<SshAccess> ssh();

    /** Returns the program that runs Python on the cluster. */
    String python();

    /**
     * Ray cluster.
     *
     * @param dashboard address of its dashboard, as this computer sees it or, with {@code ssh}, as the SSH host sees it
     */
    record Ray(String name, URI dashboard, StorageFolder storage, Optional<SshAccess> ssh, String python)
            implements Cluster {

        /**
         * Creates a cluster.
         *
         * @throws UserException if a value is invalid
         */
        public Ray {
            ClusterRules.name(name);
            ClusterRules.dashboard(dashboard);
            ClusterRules.python(python);
            if (ssh.isEmpty() && storage.here().isEmpty()) {
                throw new UserException(
                        "Files must get to %s somehow: name an SSH host, or where its folder %s is on this computer."
                                .formatted(name, storage.there()));
            }
        }
    }

    /** Slurm queue. */
    record Slurm(String name, SshAccess host, StorageFolder storage, String python, SlurmRequest request)
            implements Cluster {

        /**
         * Creates a queue.
         *
         * @throws UserException if a value is invalid
         */
        public Slurm {
            ClusterRules.name(name);
            ClusterRules.python(python);
        }

        @Override
        public Optional<SshAccess> ssh() {
            return Optional.of(host);
        }
    }
}
