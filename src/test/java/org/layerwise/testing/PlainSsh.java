package org.layerwise.testing;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.remote.ssh.HostKey;
import org.layerwise.remote.ssh.SshAccess;
import org.layerwise.remote.ssh.SshAddress;
import org.layerwise.remote.ssh.SshQuestions;

/** Access by SSH that neither asks users nor takes a way around. */
public final class PlainSsh {

    private PlainSsh() {}

    /** Returns answers for a program without a user: no key is trusted, and no passphrase is known. */
    public static SshQuestions unanswered() {
        return new SshQuestions() {
            @Override
            public boolean trust(HostKey key) {
                return false;
            }

            @Override
            public char @Nullable [] passphrase(Path key, boolean wrong) {
                return null;
            }
        };
    }

    /** Returns direct access without a key file. */
    public static SshAccess to(SshAddress address) {
        return new SshAccess(address, Optional.empty(), Optional.empty());
    }
}
