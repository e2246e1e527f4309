package org.layerwise.install.doctor;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.awt.GraphicsEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Properties;
import org.layerwise.base.ByteSize;
import org.layerwise.base.CheckResult;
import org.layerwise.install.torch.MachineMemory;

/** Checks of the system that the program runs on. */
final class SystemChecks {

    private static final int LEAST_JAVA = 17;
    private static final String GTK = "libgtk-3.so.0";

    /**
     * Minimum of free memory in bytes before a warning. Small models need no more; the engine's memory lies outside of
     * Java's heap.
     */
    private static final long LITTLE = 1L << 30;

    private final Map<String, String> environment;
    private final Path root;

    SystemChecks(Map<String, String> environment, Path root) {
        this.environment = environment;
        this.root = root;
    }

    CheckResult java() {
        String text = "%s, %s".formatted(System.getProperty("java.version"), System.getProperty("java.home"));
        return Runtime.version().feature() < LEAST_JAVA
                ? CheckResult.wrong("Java", text, "Start it with Java %s or later.".formatted(LEAST_JAVA))
                : CheckResult.ok("Java", text);
    }

    CheckResult javaFx() throws IOException {
        try (InputStream file = ClassLoader.getSystemResourceAsStream("javafx.properties")) {
            if (file == null) {
                return CheckResult.note("JavaFX", "is not there", "The window cannot open; install Layerwise anew.");
            }
            Properties properties = new Properties();
            properties.load(file);
            return CheckResult.ok("JavaFX", properties.getProperty("javafx.version", "of an unknown version"));
        }
    }

    CheckResult system() throws IOException {
        String system = "%s %s, %s"
                .formatted(
                        System.getProperty("os.name"), System.getProperty("os.version"), System.getProperty("os.arch"));
        Path release = root.resolve("etc/os-release");
        if (!Files.isReadable(release)) {
            return CheckResult.ok("System", system);
        }
        return CheckResult.ok(
                "System",
                Files.readAllLines(release).stream()
                        .filter(line -> line.startsWith("PRETTY_NAME="))
                        .map(line -> line.substring("PRETTY_NAME=".length()).replace("\"", "") + " (" + system + ")")
                        .findFirst()
                        .orElse(system));
    }

    CheckResult display() {
        if (!linux()) {
            return CheckResult.ok("Display", "the system's own");
        }
        String display = environment.getOrDefault("DISPLAY", "");
        if (!display.isBlank()) {
            return CheckResult.ok("Display", display);
        }
        boolean wayland = !environment.getOrDefault("WAYLAND_DISPLAY", "").isBlank();
        return CheckResult.note(
                "Display",
                "none (DISPLAY is not set)",
                wayland
                        ? "This is a Wayland session without XWayland, which the window needs; commands work without."
                        : "The window needs a desktop session; commands work without one.");
    }

    CheckResult gtk() {
        if (!linux()) {
            return CheckResult.ok("GTK", "is not needed here");
        }
        if (!asksForLibraries()) {
            return CheckResult.note(
                    "GTK",
                    "could not be tried, since the program's own native libraries cannot be unpacked",
                    "Mend the cache folder and ask again; the window needs it, too.");
        }
        try {
            NativeLibrary.getInstance(GTK);
            return CheckResult.ok("GTK", GTK);
        } catch (UnsatisfiedLinkError e) {
            return CheckResult.wrong(
                    "GTK",
                    GTK + " cannot be loaded, so the window cannot open",
                    "Install libgtk-3-0t64 (Debian 13, Ubuntu 24.04) or libgtk-3-0; commands work without.");
        }
    }

    /**
     * Returns true if JNA works. JNA first unpacks its own library, whose failure says nothing about the library that
     * JNA is asked to load.
     */
    private static boolean asksForLibraries() {
        try {
            return Native.POINTER_SIZE > 0;
        } catch (LinkageError e) {
            return false;
        }
    }

    CheckResult fonts() {
        String hint = "Install fontconfig and a font, such as fonts-dejavu-core: without one, no picture can be drawn.";
        try {
            int families = GraphicsEnvironment.getLocalGraphicsEnvironment().getAvailableFontFamilyNames().length;
            return families == 0
                    ? CheckResult.wrong("Fonts", "there are none", hint)
                    : CheckResult.ok("Fonts", families + " families");
        } catch (RuntimeException | LinkageError | InternalError e) {
            return CheckResult.wrong("Fonts", "cannot be listed (%s)".formatted(e.getMessage()), hint);
        }
    }

    CheckResult threads(int number) {
        String text = "%s, on %s cores".formatted(number, Runtime.getRuntime().availableProcessors());
        return environment.getOrDefault("OMP_WAIT_POLICY", "").equalsIgnoreCase("active")
                ? CheckResult.note(
                        "Threads",
                        text + ", which spin while they wait (OMP_WAIT_POLICY=active)",
                        "Unset OMP_WAIT_POLICY: on cores that others use too, the spinning costs many times the work.")
                : CheckResult.ok("Threads", text);
    }

    CheckResult memory() {
        OptionalLong free = new MachineMemory(root).available();
        String heap =
                "%s at most for Java".formatted(ByteSize.of(Runtime.getRuntime().maxMemory()));
        if (free.isEmpty()) {
            return CheckResult.ok("Memory", heap);
        }
        String text = "%s free, %s".formatted(ByteSize.of(free.getAsLong()), heap);
        return free.getAsLong() < LITTLE
                ? CheckResult.note(
                        "Memory", text, "Close other programs: the sample model takes about a gigabyte to train.")
                : CheckResult.ok("Memory", text);
    }

    private static boolean linux() {
        return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("linux");
    }
}
