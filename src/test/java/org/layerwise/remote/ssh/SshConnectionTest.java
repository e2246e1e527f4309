package org.layerwise.remote.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.sshd.agent.common.AbstractAgentClient;
import org.apache.sshd.agent.local.AgentImpl;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.testing.CancelledProgress;
import org.layerwise.testing.PlainSsh;

/** Against MINA's own server on the loopback address. */
@Timeout(60)
class SshConnectionTest {

    @TempDir
    Path folder;

    private final KeyPair hostKey = SshHost.key("ssh-ed25519");
    private final KeyPair userKey = SshHost.key("ssh-ed25519");
    private final List<HostKey> asked = new ArrayList<>();
    private final List<Boolean> passphrasesWrong = new ArrayList<>();
    private boolean trusting = true;
    private @Nullable String passphrase;
    private Optional<Path> agent = Optional.empty();
    private SshHost host;
    private Path ssh;

    @BeforeEach
    void start() throws Exception {
        host = new SshHost(hostKey);
        host.allow(userKey);
        ssh = Files.createDirectories(folder.resolve("ssh"));
        SshHost.write(ssh.resolve("id_ed25519"), userKey, null);
    }

    @AfterEach
    void stop() throws IOException {
        host.close();
    }

    @Test
    void anUnknownComputerIsAskedForOnceAndThenKnown() throws Exception {
        try (SshConnection connection = open(access())) {
            assertThat(connection.run("echo $((6 * 7)); echo no >&2; exit 3", Progress.none()))
                    .isEqualTo(new SshConnection.Answer(3, "42\n", "no\n"));
            assertThat(connection.name()).isEqualTo("ada@127.0.0.1:" + host.port());
        }
        assertThat(asked)
                .singleElement()
                .satisfies(key -> assertThat(key.type()).isEqualTo("ssh-ed25519"))
                .satisfies(key -> assertThat(key.fingerprint()).startsWith("SHA256:"));
        assertThat(Files.readString(folder.resolve("known_hosts")))
                .isEqualTo("[127.0.0.1]:%s %s%n".formatted(host.port(), PublicKeyEntry.toString(hostKey.getPublic())));
        open(access()).close();
        assertThat(asked).hasSize(1);
    }

    @Test
    void anUnknownComputerThatNobodyTrustsIsRefusedWithItsKey() {
        trusting = false;

        assertThatThrownBy(() -> open(access()))
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll("[127.0.0.1]:" + host.port(), "not known", "ssh-ed25519 SHA256:", "--trust");
        assertThat(folder.resolve("known_hosts")).doesNotExist();
    }

    @Test
    void aChangedKeyIsRefusedWithoutAQuestion() throws Exception {
        open(access()).close();
        asked.clear();
        host.setKeys(SshHost.key("ssh-ed25519"));

        assertThatThrownBy(() -> open(access()))
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll("has changed", "line 1 of " + folder.resolve("known_hosts"));
        assertThat(asked).isEmpty();
    }

    @Test
    void aKeyOfAnotherTypeThanKnownIsAChangedOne() throws Exception {
        open(access()).close();
        asked.clear();
        host.setKeys(SshHost.key("ecdsa-sha2-nistp256"));

        assertThatThrownBy(() -> open(access()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("has changed");
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ssh-rsa", "ecdsa-sha2-nistp256"})
    void ofSeveralKeysTheKnownOneIsShown(String type) throws Exception {
        KeyPair known = SshHost.key(type);
        host.setKeys(hostKey, known);
        Files.writeString(
                ssh.resolve("known_hosts"),
                "# a comment\n\n[127.0.0.1]:%s %s\n"
                        .formatted(host.port(), PublicKeyEntry.toString(known.getPublic())));

        open(access()).close();
        assertThat(asked).isEmpty();
    }

    @Test
    void aRevokedKeyIsRefused() throws Exception {
        Files.writeString(
                ssh.resolve("known_hosts"), "@revoked * %s\n".formatted(PublicKeyEntry.toString(hostKey.getPublic())));

        assertThatThrownBy(() -> open(access()))
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll("revoked", "line 1 of " + ssh.resolve("known_hosts"));
        assertThat(asked).isEmpty();
    }

    @Test
    void aKeyThatIsNotLetInIsToldWithTheWayOut() throws Exception {
        SshHost.write(ssh.resolve("id_ed25519"), SshHost.key("ssh-ed25519"), null);

        assertThatThrownBy(() -> open(access()))
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll(
                        "takes none of the keys", ssh.resolve("id_ed25519").toString(), "authorized_keys");
    }

    @Test
    void withoutAnyKeyOneIsToBeMade() throws Exception {
        Files.delete(ssh.resolve("id_ed25519"));

        assertThatThrownBy(() -> open(access()))
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll("wants a key", "ssh-keygen");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ssh-rsa", "ecdsa-sha2-nistp256", "ssh-ed25519"})
    void aNamedKeyIsUsedAlone(String type) throws Exception {
        KeyPair named = SshHost.key(type);
        Path file = SshHost.write(folder.resolve("named"), named, null);
        SshAccess access = new SshAccess(address(), Optional.of(file), Optional.empty());
        assertThatThrownBy(() -> open(access)).hasMessageContaining("takes none of the keys (" + file + ")");

        host.allow(named);
        open(access).close();
    }

    @Test
    void aLockedKeyIsOpenedByItsPassphrase() throws Exception {
        SshHost.write(ssh.resolve("id_ed25519"), userKey, "open sesame");
        passphrase = "open sesame";

        open(access()).close();
        assertThat(passphrasesWrong).containsExactly(false);

        passphrase = "wrong";
        assertThatThrownBy(() -> open(access())).isInstanceOf(UserException.class);
        assertThat(passphrasesWrong).containsExactly(false, false, true, true);

        passphrase = null;
        assertThatThrownBy(() -> open(access())).isInstanceOf(UserException.class);
    }

    @Test
    void theAgentHasKeysToo() throws Exception {
        Files.delete(ssh.resolve("id_ed25519"));
        try (Agent running = new Agent(folder.resolve("agent"), userKey)) {
            agent = Optional.of(running.socket);
            open(access()).close();
        }
        assertThatThrownBy(() -> open(access())).isInstanceOf(UserException.class);
    }

    @Test
    void aliasesOfTheConfigurationAreUnderstood() throws Exception {
        Files.writeString(
                ssh.resolve("config"),
                """
                Host lab
                    HostName 127.0.0.1
                    Port %s
                    User ada
                """
                        .formatted(host.port()));

        try (SshConnection connection = open(PlainSsh.to(SshAddress.of("--ssh", "lab")))) {
            assertThat(connection.name()).isEqualTo("ada@127.0.0.1:" + host.port());
        }
    }

    @Test
    void aComputerBehindAnotherIsReachedAndBothAreChecked() throws Exception {
        try (SshHost behind = new SshHost(SshHost.key("ssh-ed25519"))) {
            behind.allow(userKey);
            SshAddress far = new SshAddress(Optional.of("ada"), "localhost", OptionalInt.of(behind.port()));
            try (SshConnection connection = open(new SshAccess(far, Optional.empty(), Optional.of(address())))) {
                assertThat(connection.run("echo there", Progress.none()).out()).isEqualTo("there\n");
            }
            assertThat(asked)
                    .extracting(HostKey::name)
                    .containsExactly("[127.0.0.1]:" + host.port(), "[localhost]:" + behind.port());

            behind.setKeys(SshHost.key("ssh-ed25519"));
            assertThatThrownBy(() -> open(new SshAccess(far, Optional.empty(), Optional.of(address()))))
                    .hasMessageContainingAll("[localhost]:" + behind.port(), "has changed");
        }
    }

    @Test
    void aTunnelLeadsToAPortOverThere() throws Exception {
        HttpServer web = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        web.createContext("/", exchange -> {
            byte[] words = "through".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, words.length);
            exchange.getResponseBody().write(words);
            exchange.close();
        });
        web.start();
        try (SshConnection connection = open(access());
                SshConnection.Tunnel tunnel =
                        connection.tunnel("127.0.0.1", web.getAddress().getPort())) {
            HttpResponse<String> reply = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + tunnel.port()))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(reply.body()).isEqualTo("through");
        } finally {
            web.stop(0);
        }
    }

    @Test
    void aCommandIsCancelledWithinAMoment() throws Exception {
        AtomicBoolean cancelled = new AtomicBoolean();
        try (SshConnection connection = open(access())) {
            CompletableFuture<Throwable> ended = CompletableFuture.supplyAsync(() -> {
                try {
                    connection.run("sleep 60", cancellable(cancelled));
                    return new IllegalStateException("not cancelled");
                } catch (CancelledException e) {
                    return e;
                }
            });
            Thread.sleep(300);
            cancelled.set(true);
            assertThat(ended.get(5, TimeUnit.SECONDS)).isInstanceOf(CancelledException.class);
            assertThat(connection.run("echo still", Progress.none()).out()).isEqualTo("still\n");
        }
    }

    @Test
    void aConnectionThatBreaksIsTold() throws Exception {
        try (SshConnection connection = open(access())) {
            CompletableFuture.runAsync(() -> host.cut(), CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS));
            assertThatThrownBy(() -> connection.run("sleep 60", Progress.none()))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("was cut off");
            assertThat(connection.open()).isFalse();
        }
    }

    @Test
    void aCommandThatPrintsWithoutEndIsCutOff() {
        try (SshConnection connection = open(access())) {
            assertThatThrownBy(() -> connection.run("yes", Progress.none()))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("the most that Layerwise reads of an answer");
        }
    }

    @Test
    void whereNothingListensAndWhereNobodyIsAreTold() throws Exception {
        int port = host.port();
        host.close();

        assertThatThrownBy(() -> open(PlainSsh.to(SshAddress.of("--ssh", "ada@127.0.0.1:" + port))))
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll("ada@127.0.0.1:" + port, "nothing listens on that port");
        assertThatThrownBy(() -> open(PlainSsh.to(SshAddress.of("--ssh", "ada@nobody.invalid"))))
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll("ada@nobody.invalid", "there is no computer of that name");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Timeout(10)
    void aServerOfFilesThatFallsSilentIsLeftWhenTheWorkIsCancelled(boolean murmuring) throws Exception {
        AtomicBoolean cancelled = new AtomicBoolean();
        murmurIf(murmuring);
        try (SshConnection connection = open(access(), cancellable(cancelled));
                FileSystem files = connection.files()) {
            Path place = files.getPath(folder.toString());
            assertThat(place).isDirectory();
            host.mute();
            cancelled.set(true);

            assertThatThrownBy(() -> Files.readAttributes(place, "size")).isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Timeout(10)
    void aServerThatDoesNotBeginToSpeakOfFilesIsLeftWhenTheWorkIsCancelled(boolean murmuring) {
        AtomicBoolean cancelled = new AtomicBoolean();
        murmurIf(murmuring);
        try (SshConnection connection = open(access(), cancellable(cancelled))) {
            host.mute();
            cancelled.set(true);

            assertThatThrownBy(connection::files).isInstanceOf(IOException.class);
        }
    }

    @Test
    @Timeout(10)
    void aServerThatListsNamesWithoutEndIsLeftWhenTheWorkIsCancelled() throws Exception {
        AtomicBoolean cancelled = new AtomicBoolean();
        host.crowd(folder);
        try (SshConnection connection = open(access(), cancellable(cancelled));
                FileSystem files = connection.files();
                DirectoryStream<Path> names = Files.newDirectoryStream(files.getPath(folder.toString()))) {
            cancelled.set(true);

            // an SshException while the client waits, or another one if it is closed between two requests
            assertThatThrownBy(() -> names.forEach(name -> {})).hasRootCauseInstanceOf(IOException.class);
        }
    }

    /** A server whose other messages make it seem alive. */
    private void murmurIf(boolean murmuring) {
        if (murmuring) {
            host.murmur();
        }
    }

    private SshAccess access() {
        return PlainSsh.to(address());
    }

    private SshAddress address() {
        return new SshAddress(Optional.of("ada"), "127.0.0.1", OptionalInt.of(host.port()));
    }

    private SshConnection open(SshAccess access) {
        return open(access, Progress.none());
    }

    private SshConnection open(SshAccess access, Progress progress) {
        SshSetup setup = new SshSetup(
                ssh,
                agent,
                new KnownHosts(List.of(ssh.resolve("known_hosts")), folder.resolve("known_hosts")),
                new SshQuestions() {
                    @Override
                    public boolean trust(HostKey key) {
                        asked.add(key);
                        return trusting;
                    }

                    @Override
                    public char @Nullable [] passphrase(Path key, boolean wrong) {
                        passphrasesWrong.add(wrong);
                        return passphrase == null ? null : passphrase.toCharArray();
                    }
                },
                Duration.ofSeconds(10));
        return SshConnection.open(access, setup, progress);
    }

    private static Progress cancellable(AtomicBoolean cancelled) {
        return CancelledProgress.when(cancelled::get);
    }

    /** An agent on a socket, which serves one connection after another. */
    private static final class Agent implements AutoCloseable {

        private final Path socket;
        private final ServerSocketChannel server;

        Agent(Path socket, KeyPair key) throws Exception {
            this.socket = socket;
            AgentImpl keys = new AgentImpl();
            keys.addIdentity(key, "test");
            server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(socket));
            Thread thread = new Thread(() -> serve(keys), "test-agent");
            thread.setDaemon(true);
            thread.start();
        }

        private void serve(AgentImpl keys) {
            while (server.isOpen()) {
                try (SocketChannel channel = server.accept()) {
                    Client client = new Client(keys, channel);
                    ByteBuffer in = ByteBuffer.allocate(1 << 16);
                    while (channel.read(in) >= 0) {
                        in.flip();
                        byte[] bytes = new byte[in.remaining()];
                        in.get(bytes);
                        in.clear();
                        client.messageReceived(new ByteArrayBuffer(bytes));
                    }
                } catch (IOException e) {
                    continue; // the client is gone, or the server is closed
                }
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }

    private static final class Client extends AbstractAgentClient {

        private final SocketChannel channel;

        Client(AgentImpl keys, SocketChannel channel) {
            super(keys);
            this.channel = channel;
        }

        @Override
        protected void reply(Buffer buffer) throws IOException {
            ByteBuffer out = ByteBuffer.wrap(buffer.getCompactData());
            while (out.hasRemaining()) {
                channel.write(out);
            }
        }
    }
}
