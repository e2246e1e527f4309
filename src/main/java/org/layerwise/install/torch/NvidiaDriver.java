package org.layerwise.install.torch;

import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.layerwise.base.CheckResult;
import org.layerwise.base.process.ProcessRunner;

/**
 * NVIDIA hardware and software of this machine, detected without CUDA.
 *
 * @param version version of the kernel driver, such as {@code 550.54.15}; empty without a driver
 * @param cards names of the GPUs, as the driver reports them
 * @param library true if {@code libcuda.so.1} can be loaded, which is the user-space part of the driver
 * @param findings results of all checks, with a solution for each problem
 */
public record NvidiaDriver(Optional<String> version, List<String> cards, boolean library, List<CheckResult> findings) {

    /**
     * Oldest driver that runs programs for CUDA 12, according to NVIDIA's table of minor version compatibility ("CUDA
     * Toolkit and Minimum Required Driver Version").
     */
    static final int[] OLDEST = {525, 60, 13};

    private static final Pattern VERSION = Pattern.compile("\\b(\\d{3,4}\\.\\d+(?:\\.\\d+)?)\\b");
    private static final String NVIDIA = "0x10de";
    private static final String DISPLAY_CLASS = "0x03";
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String GUIDE =
            "install NVIDIA's driver %s or later from the system's packages and start the machine again"
                    .formatted(OLDEST[0]);

    public NvidiaDriver {
        cards = List.copyOf(cards);
        findings = List.copyOf(findings);
    }

    /** Returns true if a GPU can be expected to work. */
    public boolean usable() {
        return library && version.isPresent() && recent(version.get());
    }

    /**
     * Information about the system that does not come from files.
     *
     * @param loadable true if {@code libcuda.so.1} can be loaded
     * @param tool output of {@code nvidia-smi}; empty if the tool is missing or fails
     */
    record Probe(boolean loadable, Optional<String> tool) {

        static Probe ofSystem() {
            boolean linux =
                    System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("linux");
            return linux ? new Probe(loads("libcuda.so.1"), queryNvidiaSmi()) : new Probe(false, Optional.empty());
        }

        private static boolean loads(String library) {
            try {
                return NativeLibrary.getInstance(library) != null;
            } catch (LinkageError e) {
                return false; // usually there is no driver; a broken installation is reported by other checks
            }
        }
    }

    /** Detects the driver and the GPUs of this machine. This takes a moment if there is a GPU. */
    public static NvidiaDriver detect() {
        return detect(Path.of("/"), Probe.ofSystem());
    }

    static NvidiaDriver detect(Path root, Probe probe) {
        List<CheckResult> findings = new ArrayList<>();
        boolean hardware = hardware(root);
        Optional<String> version = version(root);
        List<String> cards = cards(root, probe);
        if (!cards.isEmpty()) {
            findings.add(CheckResult.ok("Graphics card", String.join(", ", cards)));
        } else if (hardware) {
            findings.add(CheckResult.ok("Graphics card", "one of NVIDIA's"));
        } else {
            findings.add(CheckResult.note(
                    "Graphics card", "none of NVIDIA's was found", "The CPU does all that a GPU does, slower."));
        }
        boolean expected = hardware || !cards.isEmpty();
        findings.add(driver(version, expected, windows(root)));
        findings.add(library(probe.loadable(), version.isPresent()));
        findings.add(tool(probe.tool(), version.isPresent()));
        return new NvidiaDriver(version, cards, probe.loadable(), findings);
    }

    private static CheckResult driver(Optional<String> version, boolean expected, boolean windows) {
        String name = "NVIDIA driver";
        if (version.isEmpty() && windows) {
            return CheckResult.note(
                    name, "that of Windows", "Under WSL the driver is Windows' own; install or update it there.");
        }
        if (version.isEmpty()) {
            String text = "the kernel has none (no /proc/driver/nvidia/version)";
            return expected
                    ? CheckResult.wrong(name, text, "There is a card without its driver: " + GUIDE + ".")
                    : CheckResult.note(name, text, "With a card in the machine, " + GUIDE + ".");
        }
        return recent(version.get())
                ? CheckResult.ok(name, version.get())
                : CheckResult.wrong(
                        name,
                        version.get(),
                        String.format(
                                Locale.ROOT,
                                "CUDA 12 needs %d.%d.%02d or later: %s.",
                                OLDEST[0],
                                OLDEST[1],
                                OLDEST[2],
                                GUIDE));
    }

    private static CheckResult library(boolean loadable, boolean driver) {
        String name = "libcuda.so.1";
        if (loadable) {
            return CheckResult.ok(name, "can be loaded");
        }
        return driver
                ? CheckResult.wrong(
                        name,
                        "cannot be loaded although the driver runs",
                        "Install libcuda1 (Debian) or libnvidia-compute (Ubuntu) of the driver's version; a container"
                                + " must be started with the GPU, as with docker run --gpus all.")
                : CheckResult.note(name, "cannot be loaded", "It comes with NVIDIA's driver.");
    }

    private static CheckResult tool(Optional<String> said, boolean driver) {
        if (said.isPresent()) {
            return CheckResult.ok("nvidia-smi", said.get().lines().findFirst().orElse("answers"));
        }
        return CheckResult.note(
                "nvidia-smi",
                driver ? "is not there or fails" : "is not there",
                driver ? "It is not needed; install nvidia-smi to see what the card does." : "It is not needed.");
    }

    private static Optional<String> version(Path root) {
        return text(root.resolve("proc/driver/nvidia/version"))
                .flatMap(said -> VERSION.matcher(said).results().findFirst())
                .map(found -> found.group(1));
    }

    static boolean recent(String version) {
        String[] parts = version.split("\\.");
        for (int i = 0; i < OLDEST.length; i++) {
            int part = i < parts.length ? Integer.parseInt(parts[i]) : 0;
            if (part != OLDEST[i]) {
                return part > OLDEST[i];
            }
        }
        return true;
    }

    private static List<String> cards(Path root, Probe probe) {
        List<String> cards = new ArrayList<>();
        for (Path card : list(root.resolve("proc/driver/nvidia/gpus"))) {
            text(card.resolve("information"))
                    .flatMap(text -> text.lines()
                            .filter(line -> line.startsWith("Model:"))
                            .findFirst())
                    .ifPresent(
                            line -> cards.add(line.substring("Model:".length()).strip()));
        }
        if (cards.isEmpty()) {
            probe.tool()
                    .ifPresent(said ->
                            said.lines().map(line -> line.split(",")[0].strip()).forEach(cards::add));
        }
        return cards;
    }

    /** Returns true if the PCI bus has a display or compute device of NVIDIA, with or without a driver. */
    private static boolean hardware(Path root) {
        return list(root.resolve("sys/bus/pci/devices")).stream()
                .anyMatch(device -> text(device.resolve("vendor")).orElse("").startsWith(NVIDIA)
                        && text(device.resolve("class")).orElse("").startsWith(DISPLAY_CLASS));
    }

    /** Returns true if this is the Windows Subsystem for Linux, where the host has the driver. */
    private static boolean windows(Path root) {
        return Files.exists(root.resolve("dev/dxg"));
    }

    private static Optional<String> text(Path file) {
        try {
            return Files.isReadable(file) ? Optional.of(Files.readString(file)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // files of the kernel may disappear at any time
        }
    }

    private static List<Path> list(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of();
        }
    }

    private static Optional<String> queryNvidiaSmi() {
        List<String> command =
                List.of("nvidia-smi", "--query-gpu=name,driver_version,memory.total", "--format=csv,noheader");
        return ProcessRunner.output(command, PATIENCE).filter(said -> !said.isEmpty());
    }
}
