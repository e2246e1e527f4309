package org.layerwise.remote.ssh;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What only people can answer while a connection is made. Called on the thread that connects, and may block. */
public interface SshQuestions {

    /**
     * Whether a computer that was never seen before has this key. A key that has changed is refused without a question.
     *
     * @throws org.layerwise.base.UserException if not, and there is more to say than that it is not known
     */
    boolean trust(HostKey key);

    /**
     * The passphrase of a key file.
     *
     * @param wrong whether an earlier answer did not open it
     * @return null to go on without that key
     */
    char @Nullable [] passphrase(Path key, boolean wrong);

    /** Nobody is there to answer. */
    static SshQuestions nobody() {
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
}
