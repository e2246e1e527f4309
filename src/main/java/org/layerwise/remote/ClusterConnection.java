package org.layerwise.remote;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.remote.ray.RayJobs;
import org.layerwise.remote.ssh.SshConnection;
import org.layerwise.remote.ssh.SshSetup;

/** Open connection to a cluster: connections and tunnels remain open until this object is closed. */
public final class ClusterConnection implements AutoCloseable {

    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    private final Cluster target;
    private final @Nullable SshConnection connection;
    private final SshConnection.@Nullable Tunnel tunnel;

    private ClusterConnection(
            Cluster target, @Nullable SshConnection connection, SshConnection.@Nullable Tunnel tunnel) {
        this.target = target;
        this.connection = connection;
        this.tunnel = tunnel;
    }

    /**
     * Connects by SSH, if the cluster is reached by SSH. Does not check if anything answers at the other end of a
     * tunnel.
     *
     * @throws UserException if a computer cannot be reached or is not trusted
     * @throws CancelledException if cancelled
     */
    public static ClusterConnection open(Cluster target, SshSetup setup, Progress progress) {
        if (target.ssh().isEmpty()) {
            return new ClusterConnection(target, null, null);
        }
        SshConnection connection = SshConnection.open(target.ssh().get(), setup, progress);
        try {
            SshConnection.Tunnel tunnel = null;
            if (target instanceof Cluster.Ray ray) {
                URI dashboard = ray.dashboard();
                tunnel = connection.tunnel(dashboard.getHost(), port(dashboard));
            }
            return new ClusterConnection(target, connection, tunnel);
        } catch (RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private static int port(URI address) {
        return address.getPort() > 0 ? address.getPort() : "https".equals(address.getScheme()) ? HTTPS : HTTP;
    }

    /** Returns the SSH connection; empty if the cluster is not reached by SSH. */
    public Optional<SshConnection> connection() {
        return Optional.ofNullable(connection);
    }

    /** Returns Ray's Jobs API; the cluster must be a Ray cluster. */
    public RayJobs ray() {
        URI dashboard = ((Cluster.Ray) target).dashboard();
        return new RayJobs(tunnel == null ? dashboard : through(dashboard, tunnel.port()), target.name());
    }

    private static URI through(URI dashboard, int port) {
        try {
            return new URI(dashboard.getScheme(), null, "127.0.0.1", port, dashboard.getPath(), null, null);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("an address with another host and port is an address", e);
        }
    }

    /** Opens the folder of jobs, which the caller must close. */
    public JobStorage storage() throws IOException {
        StorageFolder folder = target.storage();
        if (folder.here().isPresent()) {
            return JobStorage.shared(folder, folder.here().get());
        }
        if (connection == null) {
            throw new IllegalStateException("a target without a shared folder has an SSH host");
        }
        return JobStorage.over(connection, folder);
    }

    @Override
    public void close() {
        if (connection != null) {
            connection.close();
        }
    }
}
