package org.layerwise.gui.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.process.ProcessRunner;

/**
 * Reads the theme of the desktop, which JavaFX 21 does not provide. Uses the settings of GNOME and KDE, the defaults of
 * macOS and the registry of Windows. Takes some milliseconds, so it must not run on the FX thread.
 */
final class SystemTheme {

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final String os;
    private final Map<String, String> environment;
    private final Path home;
    private final Asking asking;

    /** Runs a command and returns its output; empty if the command is missing or fails. */
    @FunctionalInterface
    interface Asking {
        Optional<String> ask(List<String> command);
    }

    SystemTheme() {
        this(
                System.getProperty("os.name", ""),
                System.getenv(),
                Path.of(System.getProperty("user.home", ".")),
                command -> ProcessRunner.output(command, PATIENCE));
    }

    SystemTheme(String os, Map<String, String> environment, Path home, Asking asking) {
        this.os = os.toLowerCase(Locale.ROOT);
        this.environment = environment;
        this.home = home;
        this.asking = asking;
    }

    /** Returns the theme of the desktop; light if the desktop does not report a theme. */
    WindowTheme read() {
        boolean dark;
        if (os.startsWith("windows")) {
            dark = outputContains(
                    "0x0",
                    "reg",
                    "query",
                    "HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Themes\\Personalize",
                    "/v",
                    "AppsUseLightTheme");
        } else if (os.startsWith("mac")) {
            dark = outputContains("dark", "defaults", "read", "-g", "AppleInterfaceStyle");
        } else {
            dark = lower(environment.get("GTK_THEME")).contains("dark")
                    || kde()
                    || outputContains("dark", "gsettings", "get", "org.gnome.desktop.interface", "color-scheme");
        }
        return dark ? WindowTheme.DARK : WindowTheme.LIGHT;
    }

    private boolean kde() {
        if (!lower(environment.get("XDG_CURRENT_DESKTOP")).contains("kde")) {
            return false;
        }
        try {
            return Files.readAllLines(home.resolve(".config/kdeglobals")).stream()
                    .map(SystemTheme::lower)
                    .anyMatch(line -> line.startsWith("colorscheme=") && line.contains("dark"));
        } catch (IOException e) {
            return false; // KDE writes this file only after the user changes a setting
        }
    }

    private boolean outputContains(String word, String... command) {
        return asking.ask(List.of(command)).map(SystemTheme::lower).orElse("").contains(word);
    }

    private static String lower(@Nullable String text) {
        return text == null ? "" : text.toLowerCase(Locale.ROOT);
    }
}
