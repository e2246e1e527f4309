package org.layerwise.remote.ssh;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Questions that only users can answer while a connection is opened. Called on the thread that connects, and may block.
 */
public interface SshQuestions {

    /**
     * Returns true if the user trusts the key of an unknown computer. A key that has changed is refused without a
     * question.
     *
     * @throws org.layerwise.base.UserException if the user does not trust it, with a more specific message than that
     *     the key is unknown
     */
    boolean trust(HostKey key);

    /**
     * Returns the passphrase of a key file.
     *
     * @param wrong true if an earlier answer was wrong
     * @return null to continue without that key
     */
    char @Nullable [] passphrase(Path key, boolean wrong);
}
