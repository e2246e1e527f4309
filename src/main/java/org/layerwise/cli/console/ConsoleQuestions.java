package org.layerwise.cli.console;

import java.io.Console;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.remote.ssh.HostKey;
import org.layerwise.remote.ssh.SshQuestions;

/**
 * Asks questions on the terminal, if there is one.
 *
 * @param trusted fingerprint that is trusted without a question; null to ask
 */
public record ConsoleQuestions(@Nullable String trusted) implements SshQuestions {

    @Override
    public boolean trust(HostKey key) {
        if (trusted != null) {
            if (!key.fingerprint().equals(trusted)) {
                throw new UserException(
                        "%s has the key %s %s, which is not the one that --trust names; compare it with what its people say before you trust either."
                                .formatted(key.name(), key.type(), key.fingerprint()));
            }
            return true;
        }
        Console console = System.console();
        if (console == null) {
            return false;
        }
        String answer = console.readLine(
                "%s was never seen before. Its key is %s %s.%nTrust it? (yes/no) ",
                key.name(), key.type(), key.fingerprint());
        return answer != null && answer.strip().equalsIgnoreCase("yes");
    }

    @Override
    public char @Nullable [] passphrase(Path key, boolean wrong) {
        Console console = System.console();
        return console == null
                ? null
                : console.readPassword("%sPassphrase of %s: ", wrong ? "That was not it. " : "", key);
    }
}
