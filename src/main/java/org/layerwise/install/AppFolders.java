package org.layerwise.install;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.layerwise.install.torch.EngineFolders;

/**
 * Platform's default folders for a user's files. The folders may not exist yet.
 *
 * @param data models that were converted or downloaded, and runs
 * @param config settings
 * @param state files that survive a restart but need no backup: logs, window positions
 * @param cache files that can be recreated at any time: unpacked native libraries
 */
public record AppFolders(Path data, Path config, Path state, Path cache) {

    private static final String NAME = "layerwise";

    /**
     * Returns the folders of the user who runs the program: the XDG base directories on Linux and other Unixes, {@code
     * ~/Library} on macOS, {@code %APPDATA%} and {@code %LOCALAPPDATA%} on Windows.
     */
    public static AppFolders ofPlatform() {
        return of(
                System.getProperty("os.name", "").toLowerCase(Locale.ROOT),
                System.getenv(),
                Path.of(System.getProperty("user.home", ".")).toAbsolutePath());
    }

    static AppFolders of(String os, Map<String, String> environment, Path accountHome) {
        if (os.startsWith("windows")) {
            Path roaming = folder(environment.get("APPDATA"), accountHome.resolve("AppData/Roaming"));
            Path local = folder(environment.get("LOCALAPPDATA"), accountHome.resolve("AppData/Local"));
            Path own = local.resolve("Layerwise");
            return new AppFolders(
                    own.resolve("data"), roaming.resolve("Layerwise"), own.resolve("state"), own.resolve("cache"));
        }
        // a shell may change HOME; the JVM's user.home is the home folder of the account
        Path home = folder(environment.get("HOME"), accountHome);
        if (os.startsWith("mac")) {
            Path support = home.resolve("Library/Application Support/Layerwise");
            return new AppFolders(
                    support.resolve("data"),
                    support.resolve("settings"),
                    support.resolve("state"),
                    home.resolve("Library/Caches/Layerwise"));
        }
        return new AppFolders(
                folder(environment.get("XDG_DATA_HOME"), home.resolve(".local/share"))
                        .resolve(NAME),
                folder(environment.get("XDG_CONFIG_HOME"), home.resolve(".config"))
                        .resolve(NAME),
                folder(environment.get("XDG_STATE_HOME"), home.resolve(".local/state"))
                        .resolve(NAME),
                folder(environment.get("XDG_CACHE_HOME"), home.resolve(".cache"))
                        .resolve(NAME));
    }

    /**
     * Returns the home folder of the user who runs the program: {@code HOME}, which a shell may have changed, or else
     * the JVM's {@code user.home}.
     */
    public static Path home() {
        return folder(
                System.getenv("HOME"),
                Path.of(System.getProperty("user.home", ".")).toAbsolutePath());
    }

    /** Returns the folders that the engine's libraries and settings are in. */
    public EngineFolders engine() {
        return new EngineFolders(config, cache, data);
    }

    /** Returns the folder of the models that Layerwise made or downloaded, with one subfolder per model. */
    public Path models() {
        return data.resolve("models");
    }

    /** Returns the folder of runs without an explicit folder. */
    public Path runs() {
        return data.resolve("runs");
    }

    /** Returns the folder of extractions on clusters whose results were not fetched yet. */
    public Path jobs() {
        return data.resolve("jobs");
    }

    /** Returns the folder of copies of open studies, which are used after a crash. */
    public Path recovery() {
        return state.resolve("studies");
    }

    /** Returns the folder of the log files. */
    public Path logs() {
        return state.resolve("logs");
    }

    /**
     * Returns a configured folder if the path is absolute, otherwise the default. The XDG specification: "All paths
     * must be absolute. If [...] relative [...] ignore it".
     */
    private static Path folder(@Nullable String configured, Path usual) {
        if (configured == null || configured.isBlank()) {
            return usual;
        }
        try {
            Path path = Path.of(configured);
            return path.isAbsolute() ? path : usual;
        } catch (InvalidPathException e) {
            return usual;
        }
    }
}
