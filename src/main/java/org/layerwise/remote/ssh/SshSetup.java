package org.layerwise.remote.ssh;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What connections are made with.
 *
 * @param folder the user's own settings of SSH, {@code ~/.ssh}; it need not be there
 * @param agent the socket of the agent, if one runs
 * @param patience for an answer while connecting
 */
public record SshSetup(Path folder, Optional<Path> agent, KnownHosts known, SshQuestions questions, Duration patience) {

    private static final Duration USUAL = Duration.ofSeconds(20);

    /** With the settings of SSH where SSH itself has them: in the home folder of the account. */
    public static SshSetup ofUser(Map<String, String> environment, Path config, SshQuestions questions) {
        return of(Path.of(System.getProperty("user.home", ".")), environment, config, questions);
    }

    /**
     * That of the user who runs the program.
     *
     * @param environment its variables
     * @param config the program's folder of settings, where keys of computers are kept that people trust here
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
                USUAL);
    }
}
