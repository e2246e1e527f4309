package org.layerwise.remote.ssh;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.sshd.client.config.hosts.KnownHostEntry;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.layerwise.base.UserException;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.file.SettingsFile;

/**
 * Known hosts with their keys. The files of {@code ssh} are only read; keys that users accept are added to Layerwise's
 * own file, in the same format. The formats of a line are those of sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT".
 */
public final class KnownHosts {

    private static final int SSH_PORT = 22;
    private static final String REVOKED = "revoked";
    private static final String AUTHORITY = "cert-authority";

    private final List<Path> read;
    private final Path own;

    /**
     * Creates the known hosts.
     *
     * @param others files that are only read; they may be missing
     * @param own file to which keys are added, and which is read too
     */
    public KnownHosts(List<Path> others, Path own) {
        List<Path> all = new ArrayList<>(others);
        all.add(own);
        this.read = List.copyOf(all);
        this.own = own;
    }

    /** Result of the search for a host key. */
    sealed interface Verdict {

        /** Key that the computer had before. */
        record Same() implements Verdict {}

        /** Computer without a known key. */
        record New() implements Verdict {}

        /** Computer with another known key, or only keys of other types, in the given line of the file. */
        record Changed(Path file, int line) implements Verdict {}

        /** Key that must no longer be trusted, according to the given line of the file. */
        record Revoked(Path file, int line) implements Verdict {}
    }

    private record Line(Path file, int number, KnownHostEntry entry) {

        boolean is(String marker) {
            return marker.equals(entry.getMarker());
        }
    }

    /**
     * Looks a key up.
     *
     * @throws UserException if a file cannot be read
     */
    Verdict look(String host, int port, PublicKey key) {
        Optional<Verdict> changed = Optional.empty();
        boolean same = false;
        for (Line line : lines(host, port)) {
            boolean equal =
                    key(line).filter(known -> KeyUtils.compareKeys(known, key)).isPresent();
            if (line.is(REVOKED)) {
                if (equal) {
                    return new Verdict.Revoked(line.file, line.number);
                }
            } else if (equal) {
                same = true;
            } else if (changed.isEmpty()) {
                changed = Optional.of(new Verdict.Changed(line.file, line.number));
            }
        }
        return same ? new Verdict.Same() : changed.orElseGet(Verdict.New::new);
    }

    /**
     * Returns the types of the known keys of a computer, so that the connection asks for a key of one of these types.
     */
    Set<String> types(String host, int port) {
        Set<String> types = new LinkedHashSet<>();
        lines(host, port).stream()
                .filter(line -> !line.is(REVOKED))
                .forEach(line -> types.add(line.entry.getKeyEntry().getKeyType()));
        return types;
    }

    /**
     * Adds a key.
     *
     * @throws UserException if the file cannot be written
     */
    void add(String host, int port, PublicKey key) {
        SettingsFile.change(own, () -> append(host, port, key));
    }

    private void append(String host, int port, PublicKey key) {
        if (look(host, port, key) instanceof Verdict.Same) {
            return; // another connection has added the key in the meantime
        }
        String name = port == SSH_PORT ? host : "[" + host + "]:" + port;
        String line = name + " " + PublicKeyEntry.toString(key) + "\n";
        try {
            String before = Files.exists(own) ? Files.readString(own) : "";
            String gap = before.isEmpty() || before.endsWith("\n") ? "" : "\n";
            AtomicFiles.writeString(own, before + gap + line);
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(own, FileErrors.reason(e)), e);
        }
    }

    private List<Line> lines(String host, int port) {
        List<Line> found = new ArrayList<>();
        for (Path file : read) {
            if (!Files.exists(file)) {
                continue;
            }
            List<String> lines = text(file).lines().toList();
            for (int i = 0; i < lines.size(); i++) {
                Optional<KnownHostEntry> entry = entry(lines.get(i));
                if (entry.isPresent() && matches(entry.get(), host, port)) {
                    found.add(new Line(file, i + 1, entry.get()));
                }
            }
        }
        return found;
    }

    private static boolean matches(KnownHostEntry entry, String host, int port) {
        // a key that is revoked for a computer is revoked on all its ports
        boolean revoked = REVOKED.equals(entry.getMarker());
        return entry.isHostMatch(host, port) || revoked && entry.isHostMatch(host, SSH_PORT);
    }

    private static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UserException("Cannot read the known hosts in %s: %s.".formatted(file, FileErrors.reason(e)), e);
        }
    }

    private static Optional<KnownHostEntry> entry(String line) {
        try {
            return Optional.ofNullable(KnownHostEntry.parseKnownHostEntry(line))
                    // certificates are not supported, so an authority's line does not apply to a plain key
                    .filter(entry -> !AUTHORITY.equals(entry.getMarker()) && entry.getKeyEntry() != null);
        } catch (RuntimeException e) {
            return Optional.empty(); // ssh also skips lines that it cannot read
        }
    }

    private static Optional<PublicKey> key(Line line) {
        AuthorizedKeyEntry entry = line.entry.getKeyEntry();
        try {
            return Optional.ofNullable(entry.resolvePublicKey(null, PublicKeyEntryResolver.IGNORING));
        } catch (IOException | GeneralSecurityException e) {
            return Optional.empty(); // a key of an unknown type
        }
    }
}
