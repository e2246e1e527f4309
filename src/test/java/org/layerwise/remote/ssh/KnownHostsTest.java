package org.layerwise.remote.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.testing.Processes;

class KnownHostsTest {

    @TempDir
    Path folder;

    @Test
    void keysThatSeveralProcessesAddAtOnceAreAllKeptAndNoneTwice() throws Exception {
        Path own = folder.resolve("known_hosts");
        Processes.atOnce(Adder.class, 4, folder, own.toString());

        assertThat(Files.readAllLines(own)).hasSize(40);
        KnownHosts known = new KnownHosts(List.of(), own);
        PublicKey key = SshHost.key("ssh-ed25519").getPublic();
        known.add("once", 22, key);
        known.add("once", 22, key);
        assertThat(Files.readAllLines(own)).hasSize(41);
    }

    /** Adds the keys of ten hosts. */
    static final class Adder {

        public static void main(String[] arguments) throws Exception {
            KnownHosts known = new KnownHosts(List.of(), Path.of(arguments[2]));
            PublicKey key = SshHost.key("ssh-ed25519").getPublic();
            Processes.ready(Path.of(arguments[0]), arguments[1]);
            for (int i = 0; i < 10; i++) {
                known.add("host" + arguments[1] + "-" + i, 22, key);
            }
        }
    }
}
