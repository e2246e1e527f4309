package org.layerwise.cli.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.cli.Main;

/** The log of the program as it starts, in a process of its own with the real {@code logback.xml}. */
class PrivateLogTest {

    private static final String SECRET = "s3cret-of-this-test";

    @TempDir
    Path folder;

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void onlyTheOwnerReadsItAndSecretsAreHidden() throws IOException, InterruptedException {
        Path log = folder.resolve("state/layerwise/logs/layerwise.log");
        Files.createDirectories(log.getParent());
        Files.writeString(log, "of an earlier version\n");
        Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("rw-r--r--"));
        String address = "http://me:" + SECRET + "@127.0.0.1:1";

        String said = download("org/none", address, "--revision", address + "/x?token=" + SECRET);

        assertThat(said).doesNotContain(SECRET).contains("layerwise: ");
        assertThat(log).content().doesNotContain(SECRET).contains("http://***@127.0.0.1:1/x?token=***");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log)))
                .isEqualTo("rw-------");
        Files.delete(log);
        assertThat(download("org/none", address)).doesNotContain(SECRET).contains("Cannot reach http://127.0.0.1:1");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log)))
                .isEqualTo("rw-------");
        assertThat(log).content().doesNotContain(SECRET).contains("Cannot reach");
    }

    private String download(String model, String endpoint, String... flags) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // not that of the tests
                "-Dlogback.configurationFile=logback.xml",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "download",
                model);
        builder.command().addAll(List.of(flags));
        builder.environment().put("HF_ENDPOINT", endpoint);
        for (String variable : new String[] {"XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"}) {
            builder.environment().put(variable, folder.resolve("state").toString());
        }
        builder.environment().put("HF_HUB_OFFLINE", "0");
        Process process = builder.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return said;
    }
}
