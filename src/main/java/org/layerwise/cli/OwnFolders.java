package org.layerwise.cli;

import java.nio.file.Path;
import java.util.Locale;
import org.layerwise.base.UserException;
import org.layerwise.base.WholeFiles;
import org.layerwise.study.AppFolders;

/** Makes sure that the program can keep its own files, before a library trips over it in words of its own. */
final class OwnFolders {

    private OwnFolders() {}

    /** @throws UserException naming the folder that cannot be written and the variable that moves it */
    static void require(AppFolders folders) {
        require("cache", folders.cache(), "XDG_CACHE_HOME");
        require("data", folders.data(), "XDG_DATA_HOME");
        require("state", folders.state(), "XDG_STATE_HOME");
    }

    /** The same for settings, which few commands write. */
    static void requireSettings(AppFolders folders) {
        require("settings", folders.config(), "XDG_CONFIG_HOME");
    }

    private static void require(String what, Path folder, String variable) {
        try {
            WholeFiles.requireWritableFolder(folder);
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
