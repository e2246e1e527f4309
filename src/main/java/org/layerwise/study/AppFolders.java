package org.layerwise.study;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The platform's usual folders for what belongs to the user. None of them need exist yet.
 *
 * @param data models that were converted or downloaded, and runs
 * @param config settings
 * @param state what survives a restart but is not worth a backup: logs, window places
 * @param cache what can be made again at any time: unpacked native libraries
 */
public record AppFolders(Path data, Path config, Path state, Path cache) {

    private static final String NAME = "layerwise";

    /**
     * The folders of the user who runs the program: the XDG base directories on Linux and other Unixes, {@code ~/Library}
     * on macOS, {@code %APPDATA%} and {@code %LOCALAPPDATA%} on Windows.
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
        // a shell may have moved HOME; the JVM's user.home is the account's
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

    /** The home folder of the user who runs the program; a shell may have moved it. */
    static Path home() {
        return folder(
                System.getenv("HOME"),
                Path.of(System.getProperty("user.home", ".")).toAbsolutePath());
    }

    /** Models that Layerwise made or fetched, one folder a model. */
    public Path models() {
        return data.resolve("models");
    }

    /** Runs that were not given a folder of their own. */
    public Path runs() {
        return data.resolve("runs");
    }

    /** Extractions on clusters that were not fetched yet. */
    public Path jobs() {
        return data.resolve("jobs");
    }

    /** Copies of open studies, in case of a crash. */
    public Path recovery() {
        return state.resolve("studies");
    }

    /** Log files. */
    public Path logs() {
        return state.resolve("logs");
    }

    /** The XDG specification: "All paths must be absolute. If [...] relative [...] ignore it". */
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
