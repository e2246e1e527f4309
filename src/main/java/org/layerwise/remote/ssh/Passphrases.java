package org.layerwise.remote.ssh;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.session.SessionContext;
import org.jspecify.annotations.Nullable;

/** Asks users for the passphrases of key files; after three wrong answers the key is skipped. */
record Passphrases(SshQuestions questions) implements FilePasswordProvider {

    private static final int TRIES = 3;

    @Override
    public @Nullable String getPassword(@Nullable SessionContext session, NamedResource key, int retry)
            throws IOException {
        char[] answer = questions.passphrase(Path.of(key.getName()), retry > 0);
        return answer == null ? null : String.valueOf(answer);
    }

    @Override
    public ResourceDecodeResult handleDecodeAttemptResult(
            @Nullable SessionContext session,
            NamedResource key,
            int retry,
            @Nullable String password,
            @Nullable Exception error) {
        if (error == null) {
            return ResourceDecodeResult.TERMINATE;
        }
        return password != null && retry + 1 < TRIES ? ResourceDecodeResult.RETRY : ResourceDecodeResult.IGNORE;
    }
}
