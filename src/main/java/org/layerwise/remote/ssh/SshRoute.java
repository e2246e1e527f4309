package org.layerwise.remote.ssh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.client.config.hosts.ConfigFileHostEntryResolver;
import org.apache.sshd.client.config.hosts.HostConfigEntry;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileErrors;

/**
 * Route to a computer, after {@code ~/.ssh/config} was applied.
 *
 * @param keys files of private keys to try; empty for the default ones of {@code ~/.ssh}
 * @param through jump hosts, in the order of the connections
 */
record SshRoute(String host, int port, String user, List<Path> keys, List<SshRoute> through) {

    private static final int PORT = 22;
    private static final int MOST_HOPS = 8;

    static SshRoute of(SshAccess access, Path folder) {
        return of(access.address(), access.key(), access.jump(), folder, 0);
    }

    private static SshRoute of(
            SshAddress address, Optional<Path> key, Optional<SshAddress> jump, Path folder, int depth) {
        if (depth > MOST_HOPS) {
            throw new UserException("%s is reached through more than %s computers; does ProxyJump in %s go in a circle?"
                    .formatted(address, MOST_HOPS, folder.resolve("config")));
        }
        HostConfigEntry entry = configured(address, folder);
        List<Path> keys = key.map(List::of).orElseGet(() -> keys(entry));
        String user = address.user().orElse(System.getProperty("user.name", "root"));
        String host = address.host();
        int port = address.port().orElse(PORT);
        List<SshAddress> jumps = jump.map(List::of).orElse(List.of());
        if (entry != null) {
            host = entry.getHostName() == null || entry.getHostName().isEmpty() ? host : entry.getHostName();
            port = entry.getPort() > 0 && address.port().isEmpty() ? entry.getPort() : port;
            boolean named = entry.getUsername() != null && !entry.getUsername().isEmpty();
            user = named && address.user().isEmpty() ? entry.getUsername() : user;
            jumps = jump.isPresent() ? jumps : jumps(entry);
        }
        List<SshRoute> through = new ArrayList<>();
        for (SshAddress hop : jumps) {
            SshRoute to = of(hop, Optional.empty(), Optional.empty(), folder, depth + 1);
            through.addAll(to.through);
            through.add(new SshRoute(to.host, to.port, to.user, to.keys, List.of()));
        }
        return new SshRoute(host, port, user, keys, List.copyOf(through));
    }

    private static @Nullable HostConfigEntry configured(SshAddress address, Path folder) {
        Path config = folder.resolve("config");
        if (!Files.isRegularFile(config)) {
            return null;
        }
        try {
            return new ConfigFileHostEntryResolver(config)
                    .resolveEffectiveHost(
                            address.host(),
                            address.port().orElse(0),
                            null,
                            address.user().orElse(null),
                            null,
                            null);
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(config, FileErrors.reason(e)), e);
        }
    }

    private static List<Path> keys(@Nullable HostConfigEntry entry) {
        List<Path> keys = new ArrayList<>();
        if (entry != null && entry.getIdentities() != null) {
            for (String identity : entry.getIdentities()) {
                try {
                    keys.add(Path.of(identity));
                } catch (InvalidPathException e) {
                    throw new UserException(
                            "The IdentityFile \"%s\" of %s is no path.".formatted(identity, entry.getHost()), e);
                }
            }
        }
        // ssh tries those that exist
        return keys.stream().filter(Files::isRegularFile).toList();
    }

    private static List<SshAddress> jumps(HostConfigEntry entry) {
        String jump = entry.getProxyJump();
        if (jump == null || jump.isBlank() || jump.strip().equals("none")) {
            return List.of();
        }
        List<SshAddress> jumps = new ArrayList<>();
        for (String one : jump.split(",")) {
            jumps.add(SshAddress.of("The ProxyJump of " + entry.getHost(), one));
        }
        return jumps;
    }

    /** Returns the computer in the form for users. */
    @Override
    public String toString() {
        return user + "@" + host + (port == PORT ? "" : ":" + port);
    }
}
