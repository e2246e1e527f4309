package org.layerwise.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.layerwise.base.UserException;
import org.layerwise.remote.ssh.HostKey;

class ConsoleQuestionsTest {

    private static final HostKey KEY = new HostKey("login", 22, "ssh-ed25519", "SHA256:abc");

    @Test
    void aFingerprintThatIsNotTheComputersIsToldApartFromNone() {
        assertThat(new ConsoleQuestions("SHA256:abc").trust(KEY)).isTrue();
        assertThatThrownBy(() -> new ConsoleQuestions("SHA256:abd").trust(KEY))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith(
                        "login has the key ssh-ed25519 SHA256:abc, which is not the one that --trust names");
    }
}
