package org.layerwise.remote.ssh;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.client.session.forward.ExplicitPortForwardingTracker;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.ResponseLimit;
import org.layerwise.base.UserException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connection to a computer by SSH, possibly through jump hosts. Thread-safe. */
public final class SshConnection implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SshConnection.class);

    private static final long POLL_MILLIS = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final SshRoute route;
    private final List<Hop> hops;
    private final Progress progress;

    private record Hop(SshClient client, ClientSession session) {}

    /** Result of a command. */
    public record Answer(int code, String out, String error) {

        /** Returns true if the command succeeded. */
        public boolean good() {
            return code == 0;
        }
    }

    /** Tunnel from a port of this computer to a port of the other side, open until it is closed. */
    public static final class Tunnel implements AutoCloseable {

        private final ExplicitPortForwardingTracker tracker;

        private Tunnel(ExplicitPortForwardingTracker tracker) {
            this.tracker = tracker;
        }

        /** Returns the port on the loopback address. */
        public int port() {
            return tracker.getBoundAddress().getPort();
        }

        @Override
        public void close() {
            try {
                tracker.close();
            } catch (IOException e) {
                LOG.debug("A tunnel was gone before it was closed: {}", e.getMessage());
            }
        }
    }

    private SshConnection(SshRoute route, List<Hop> hops, Progress progress) {
        this.route = route;
        this.hops = hops;
        this.progress = progress;
    }

    /**
     * Connects.
     *
     * @throws UserException if a computer cannot be reached, its host key is not trusted or has changed, or it accepts
     *     none of the user's keys
     * @throws CancelledException if cancelled
     */
    public static SshConnection open(SshAccess access, SshSetup setup, Progress progress) {
        SshRoute route = SshRoute.of(access, setup.folder());
        SshConnection connection = new SshConnection(route, new ArrayList<>(), progress);
        try {
            for (SshRoute hop : route.through()) {
                connection.add(hop, setup, progress);
            }
            connection.add(route, setup, progress);
            return connection;
        } catch (RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private void add(SshRoute hop, SshSetup setup, Progress progress) {
        progress.report(Progress.UNKNOWN, "Connecting to " + hop);
        SshLogin login = new SshLogin(hop, setup);
        if (hops.isEmpty()) {
            hops.add(hop(login, hop.host(), hop.port(), progress));
        } else {
            Tunnel tunnel = tunnel(hop.host(), hop.port());
            hops.add(hop(login, "127.0.0.1", tunnel.port(), progress));
        }
    }

    private static Hop hop(SshLogin login, String host, int port, Progress progress) {
        SshClient client = login.client();
        try {
            return new Hop(client, login.connect(client, host, port, progress));
        } catch (RuntimeException e) {
            client.stop();
            throw e;
        }
    }

    /** Returns the computer as users name it: {@code user@host}. */
    public String name() {
        return route.toString();
    }

    /**
     * Runs a command in the login shell and waits for its end.
     *
     * @throws UserException if the connection breaks, or the command prints more than an answer may have
     * @throws CancelledException if cancelled; the command then loses its connection
     */
    public Answer run(String command, Progress progress) {
        Printed out = new Printed();
        Printed error = new Printed();
        try {
            int code = run(command, out, error, progress);
            return new Answer(code, out.text(), error.text());
        } catch (UserException e) {
            if (out.exceeded || error.exceeded) {
                throw ResponseLimit.exceeded("The output of a command on " + name());
            }
            throw e;
        }
    }

    /** Collects the output of a command. Output beyond the limit of an answer ends the channel. */
    private static final class Printed extends OutputStream {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private volatile boolean exceeded;

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] from, int start, int length) throws IOException {
            if (bytes.size() + length > ResponseLimit.MOST_BYTES) {
                exceeded = true;
                throw new IOException("it prints more than can be read");
            }
            bytes.write(from, start, length);
        }

        private String text() {
            return bytes.toString(StandardCharsets.UTF_8);
        }
    }

    private int run(String command, OutputStream out, OutputStream error, Progress progress) {
        try (ChannelExec channel = session().createExecChannel(command, StandardCharsets.UTF_8, null, null)) {
            channel.setOut(out);
            channel.setErr(error);
            CancellableFutures.await(channel.open(), PATIENCE, progress);
            // no input, so that a command that asks for input does not wait for ever
            channel.getInvertedIn().close();
            Set<ClientChannelEvent> wanted = EnumSet.of(ClientChannelEvent.CLOSED);
            while (!channel.waitFor(wanted, POLL_MILLIS).contains(ClientChannelEvent.CLOSED)) {
                progress.check();
            }
            Integer code = channel.getExitStatus();
            if (code == null) {
                throw new IOException(
                        channel.getExitSignal() == null
                                ? "the connection is lost"
                                : "it was ended by " + channel.getExitSignal());
            }
            return code;
        } catch (IOException e) {
            throw new UserException(
                    "A command on %s was cut off (%s); see whether the computer can still be reached."
                            .formatted(name(), SshErrors.reason(e)),
                    e);
        }
    }

    /**
     * Opens a tunnel to a port as the other side sees it.
     *
     * @throws UserException if no tunnel can be opened
     */
    public Tunnel tunnel(String host, int port) {
        try {
            return new Tunnel(session()
                    .createLocalPortForwardingTracker(
                            new SshdSocketAddress("127.0.0.1", 0), new SshdSocketAddress(host, port)));
        } catch (IOException e) {
            throw new UserException(
                    "No tunnel through %s could be opened (%s); see whether the computer can still be reached."
                            .formatted(name(), SshErrors.reason(e)),
                    e);
        }
    }

    /**
     * Opens the files of the other side by SFTP, which the caller must close. Reading and writing files cannot be
     * cancelled, so the connection is closed if the server is silent after the work was cancelled.
     *
     * @throws IOException if the other side has no SFTP
     */
    public FileSystem files() throws IOException {
        return SftpSession.open(session(), name(), progress);
    }

    /** Returns true if the connection is open, as far as this side knows. */
    public boolean open() {
        return hops.stream().allMatch(hop -> hop.session().isOpen());
    }

    private ClientSession session() {
        return hops.get(hops.size() - 1).session();
    }

    /** Ends all commands and tunnels. */
    @Override
    public void close() {
        for (int i = hops.size() - 1; i >= 0; i--) {
            hops.get(i).session().close(true);
            hops.get(i).client().stop();
        }
        hops.clear();
    }
}
