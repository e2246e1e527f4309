package org.layerwise.cli.console;

import java.nio.file.Path;
import java.util.Locale;
import org.layerwise.base.UserException;
import org.layerwise.base.file.WritablePaths;
import org.layerwise.install.AppFolders;

/** Checks that the program can write its own folders, before a library fails with a less clear message. */
public final class WritableFolders {

    private WritableFolders() {}

    /**
     * Checks the folders for cache, data and state.
     *
     * @throws UserException if a folder cannot be written; the message names the folder and the variable that changes
     *     it
     */
    public static void require(AppFolders folders) {
        require("cache", folders.cache(), "XDG_CACHE_HOME");
        require("data", folders.data(), "XDG_DATA_HOME");
        require("state", folders.state(), "XDG_STATE_HOME");
    }

    /**
     * Checks the folder for settings, which few commands write.
     *
     * @throws UserException if the folder cannot be written
     */
    public static void requireSettings(AppFolders folders) {
        require("settings", folders.config(), "XDG_CONFIG_HOME");
    }

    private static void require(String what, Path folder, String variable) {
        try {
            WritablePaths.requireFolder(folder);
        } catch (UserException e) {
            throw new UserException(
                    "Cannot write the %s folder %s; set %s to a folder that can be written."
                            .formatted(what, folder, variable(System.getProperty("os.name", ""), variable)),
                    e);
        }
    }

    private static String variable(String os, String xdg) {
        String name = os.toLowerCase(Locale.ROOT);
        if (name.startsWith("windows")) {
            return xdg.equals("XDG_CONFIG_HOME") ? "APPDATA" : "LOCALAPPDATA";
        }
        return name.startsWith("mac") ? "HOME" : xdg;
    }
}
