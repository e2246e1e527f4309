package org.layerwise.install.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.CheckResult;
import org.layerwise.install.torch.NvidiaDriver.Probe;

class NvidiaDriverTest {

    private static final Probe NOTHING = new Probe(false, Optional.empty());

    @TempDir
    Path root;

    @Test
    void aMachineWithoutACardIsFineAsItIs() {
        NvidiaDriver driver = NvidiaDriver.detect(root, NOTHING);

        assertThat(driver.usable()).isFalse();
        assertThat(driver.findings())
                .extracting(CheckResult::state)
                .containsOnly(CheckResult.State.NOTE)
                .hasSize(4);
        assertThat(driver.findings()).allMatch(finding -> finding.advice().isPresent());
    }

    @Test
    void aCardWithoutADriverIsTold() throws IOException {
        write("sys/bus/pci/devices/0000:01:00.0/vendor", "0x10de\n");
        write("sys/bus/pci/devices/0000:01:00.0/class", "0x030000\n");

        NvidiaDriver driver = NvidiaDriver.detect(root, NOTHING);

        assertThat(finding(driver, "Graphics card").state()).isEqualTo(CheckResult.State.OK);
        assertThat(finding(driver, "NVIDIA driver").state()).isEqualTo(CheckResult.State.WRONG);
        assertThat(finding(driver, "NVIDIA driver").hint()).contains("a card without its driver", "525");
        assertThat(driver.usable()).isFalse();
    }

    @Test
    void aSoundCardOfNvidiaIsNoGraphicsCard() throws IOException {
        write("sys/bus/pci/devices/0000:01:00.1/vendor", "0x10de\n");
        write("sys/bus/pci/devices/0000:01:00.1/class", "0x040300\n");

        assertThat(finding(NvidiaDriver.detect(root, NOTHING), "Graphics card").state())
                .isEqualTo(CheckResult.State.NOTE);
    }

    @Test
    void driverAndCardsAreRead() throws IOException {
        kernel("550.54.15");
        write("proc/driver/nvidia/gpus/0000:01:00.0/information", "Model: \t\t NVIDIA H100 PCIe\nIRQ: 12\n");

        NvidiaDriver driver =
                NvidiaDriver.detect(root, new Probe(true, Optional.of("NVIDIA H100 PCIe, 550.54.15, 81559 MiB")));

        assertThat(driver.usable()).isTrue();
        assertThat(driver.version()).contains("550.54.15");
        assertThat(driver.cards()).containsExactly("NVIDIA H100 PCIe");
        assertThat(driver.findings()).extracting(CheckResult::state).containsOnly(CheckResult.State.OK);
    }

    @Test
    void theNewKernelModulesLineIsReadToo() throws IOException {
        write(
                "proc/driver/nvidia/version",
                "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  570.124.06  Release Build  (root@h)  Wed\n"
                        + "GCC version:  gcc version 12.2.0 (Debian 12.2.0-14)\n");

        assertThat(NvidiaDriver.detect(root, NOTHING).version()).contains("570.124.06");
    }

    @Test
    void anOldDriverIsTold() throws IOException {
        kernel("470.256.02");

        NvidiaDriver driver = NvidiaDriver.detect(root, new Probe(true, Optional.empty()));

        assertThat(driver.usable()).isFalse();
        assertThat(finding(driver, "NVIDIA driver").hint()).contains("525.60.13 or later");
    }

    @Test
    void aContainerWithoutTheLibraryIsTold() throws IOException {
        kernel("550.54.15");

        CheckResult library = finding(NvidiaDriver.detect(root, NOTHING), "libcuda.so.1");

        assertThat(library.state()).isEqualTo(CheckResult.State.WRONG);
        assertThat(library.hint()).contains("--gpus all");
    }

    @Test
    void versionsAreComparedAsNumbers() {
        assertThat(NvidiaDriver.recent("525.60.13")).isTrue();
        assertThat(NvidiaDriver.recent("525.60.9")).isFalse();
        assertThat(NvidiaDriver.recent("525.100")).isTrue();
        assertThat(NvidiaDriver.recent("1000.1")).isTrue();
        assertThat(NvidiaDriver.recent("525.60")).isFalse();
    }

    private void kernel(String version) throws IOException {
        write(
                "proc/driver/nvidia/version",
                "NVRM version: NVIDIA UNIX x86_64 Kernel Module  %s  Tue Mar  5 22:23:56 UTC 2024\n"
                        .formatted(version));
    }

    private void write(String name, String text) throws IOException {
        Path file = root.resolve(name.replace(':', '_'));
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static CheckResult finding(NvidiaDriver driver, String name) {
        return driver.findings().stream()
                .filter(finding -> finding.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
