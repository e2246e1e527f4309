package org.layerwise.remote.ssh;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Settings for SSH connections.
 *
 * @param folder the user's own settings of SSH, {@code ~/.ssh}; may be missing
 * @param agent the socket of the agent, if one runs
 * @param patience time limit for an answer while connecting
 */
public record SshSetup(Path folder, Optional<Path> agent, KnownHosts known, SshQuestions questions, Duration patience) {

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(20);

    /**
     * Returns the settings of the user who runs the program, with the SSH folder in the account's home folder, where
     * SSH itself has it.
     */
    public static SshSetup ofUser(Map<String, String> environment, Path config, SshQuestions questions) {
        return of(Path.of(System.getProperty("user.home", ".")), environment, config, questions);
    }

    /**
     * Returns the settings of a user with the given home folder.
     *
     * @param environment environment variables of the user
     * @param config the program's folder of settings, which contains the host keys that users have accepted
     */
    public static SshSetup of(Path home, Map<String, String> environment, Path config, SshQuestions questions) {
        Path folder = home.resolve(".ssh");
        return new SshSetup(
                folder,
                Optional.ofNullable(environment.get("SSH_AUTH_SOCK"))
                        .filter(socket -> !socket.isBlank())
                        .map(Path::of),
                new KnownHosts(List.of(folder.resolve("known_hosts")), config.resolve("known_hosts")),
                questions,
                DEFAULT_TIMEOUT);
    }
}
