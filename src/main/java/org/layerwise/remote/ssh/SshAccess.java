package org.layerwise.remote.ssh;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How to reach a computer by SSH. Passwords are never kept: keys come from the agent, from the key file, or from
 * {@code ~/.ssh}.
 *
 * @param key a private key to use instead of the agent's and those of {@code ~/.ssh}
 * @param jump a computer to go through
 */
public record SshAccess(SshAddress address, Optional<Path> key, Optional<SshAddress> jump) {

    /** Without a key file and directly. */
    public static SshAccess to(SshAddress address) {
        return new SshAccess(address, Optional.empty(), Optional.empty());
    }
}
