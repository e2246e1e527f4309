package org.layerwise.remote.ssh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;
import org.apache.sshd.common.session.SessionHeartbeatController;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.core.CoreModuleProperties;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;

/** Login to one computer: checks its host key and offers the keys of the user. */
final class SshLogin {

    private static final Duration HEARTBEAT = Duration.ofSeconds(15);
    private static final List<String> USUAL_KEYS = List.of("id_ed25519", "id_ecdsa", "id_rsa");

    private final SshRoute route;
    private final SshSetup setup;
    private final List<Path> keys;
    private final boolean named;
    private final AtomicReference<@Nullable UserException> refusal = new AtomicReference<>();

    SshLogin(SshRoute route, SshSetup setup) {
        this.route = route;
        this.setup = setup;
        this.named = !route.keys().isEmpty();
        this.keys = named
                ? route.keys()
                : USUAL_KEYS.stream()
                        .map(setup.folder()::resolve)
                        .filter(Files::isRegularFile)
                        .toList();
        for (Path key : keys) {
            if (!Files.isReadable(key)) {
                throw new UserException("There is no key file %s that can be read; name another.".formatted(key));
            }
        }
    }

    /** Creates a client for this computer only. */
    SshClient client() {
        SshClient client = SshClient.setUpDefaultClient();
        // the route already contains the values of the configuration
        client.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
        client.setServerKeyVerifier((session, address, key) -> trusted(key));
        client.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE));
        FileKeyPairProvider files = new FileKeyPairProvider(keys);
        files.setPasswordFinder(new Passphrases(setup.questions()));
        client.setKeyIdentityProvider(files);
        if (!named) {
            setup.agent().ifPresent(socket -> {
                if (Files.exists(socket)) {
                    client.setAgentFactory(AgentSocket.factory(socket));
                }
            });
        }
        preferKnown(client);
        client.setSessionHeartbeat(SessionHeartbeatController.HeartbeatType.IGNORE, HEARTBEAT);
        CoreModuleProperties.HEARTBEAT_INTERVAL.set(client, HEARTBEAT);
        CoreModuleProperties.HEARTBEAT_NO_REPLY_MAX.set(client, 3);
        client.start();
        return client;
    }

    /** Prefers types of the known keys, so that a computer with several keys uses one that is known. */
    private void preferKnown(SshClient client) {
        Set<String> known = setup.known().types(route.host(), route.port()).stream()
                .map(KeyUtils::getCanonicalKeyType)
                .collect(Collectors.toSet());
        List<NamedFactory<Signature>> factories = client.getSignatureFactories().stream()
                .sorted(Comparator.comparing(
                        factory -> !known.contains(KeyUtils.getCanonicalKeyType(factory.getName()))))
                .toList();
        client.setSignatureFactories(factories);
    }

    /**
     * Connects and authenticates.
     *
     * @throws UserException if the computer cannot be reached, its key is not trusted, or it accepts none of the user's
     *     keys
     */
    ClientSession connect(SshClient client, String host, int port, Progress progress) {
        ClientSession session = null;
        try {
            session = CancellableFutures.await(client.connect(route.user(), host, port), setup.patience(), progress)
                    .getSession();
            CancellableFutures.await(session.auth(), setup.patience(), progress);
            return session;
        } catch (IOException e) {
            close(session);
            throw refused(e);
        } catch (RuntimeException e) {
            close(session);
            throw e;
        }
    }

    private static void close(@Nullable ClientSession session) {
        if (session != null) {
            session.close(true);
        }
    }

    private UserException refused(IOException e) {
        UserException own = refusal.get();
        if (own != null) {
            return own;
        }
        if (e instanceof SshException && String.valueOf(e.getMessage()).contains("authentication methods")) {
            String shown = keys.stream().map(Path::toString).collect(Collectors.joining(", "));
            boolean agent = !named && setup.agent().isPresent();
            String ours = Stream.of(agent ? "those of the agent" : "", shown)
                    .filter(words -> !words.isEmpty())
                    .collect(Collectors.joining(" and "));
            return new UserException(
                    ours.isEmpty()
                            ? "%s wants a key, and there is none in %s and no agent; make one with ssh-keygen and add its public part to ~/.ssh/authorized_keys there."
                                    .formatted(route, setup.folder())
                            : "%s takes none of the keys (%s); add a public key to ~/.ssh/authorized_keys there, or name another with --key."
                                    .formatted(route, ours),
                    e);
        }
        return new UserException(
                "Cannot connect to %s by SSH: %s; check the address, and whether ssh %s works in a terminal."
                        .formatted(route, SshErrors.reason(e), route),
                e);
    }

    private boolean trusted(PublicKey key) {
        HostKey shown = HostKey.of(route.host(), route.port(), key);
        try {
            KnownHosts.Verdict verdict = setup.known().look(route.host(), route.port(), key);
            if (verdict instanceof KnownHosts.Verdict.Same) {
                return true;
            }
            if (verdict instanceof KnownHosts.Verdict.Changed changed) {
                throw new UserException(
                        "The key of %s has changed (now %s %s): somebody may be in between, or the computer was set up anew; if you know that it was, delete line %s of %s."
                                .formatted(
                                        shown.name(),
                                        shown.type(),
                                        shown.fingerprint(),
                                        changed.line(),
                                        changed.file()));
            }
            if (verdict instanceof KnownHosts.Verdict.Revoked revoked) {
                throw new UserException(
                        "The key of %s is revoked by line %s of %s; ask who runs the computer for its new one."
                                .formatted(shown.name(), revoked.line(), revoked.file()));
            }
            if (!setup.questions().trust(shown)) {
                throw new UserException(
                        "%s is not known yet; its key is %s %s; compare it with what its people say, and connect once with --trust %s."
                                .formatted(shown.name(), shown.type(), shown.fingerprint(), shown.fingerprint()));
            }
            setup.known().add(route.host(), route.port(), key);
            return true;
        } catch (UserException e) {
            refusal.set(e);
            return false;
        } catch (CancelledException e) {
            return false;
        }
    }
}
