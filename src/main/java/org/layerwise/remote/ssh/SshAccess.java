package org.layerwise.remote.ssh;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Access to a computer by SSH. Passwords are never stored: keys come from the agent, from the key file, or from
 * {@code ~/.ssh}.
 *
 * @param key a private key to use instead of the agent's and those of {@code ~/.ssh}
 * @param jump jump host
 */
public record SshAccess(SshAddress address, Optional<Path> key, Optional<SshAddress> jump) {}
