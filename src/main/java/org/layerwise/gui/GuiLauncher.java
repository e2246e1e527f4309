package org.layerwise.gui;

import javafx.application.Application;
import org.layerwise.gui.app.InterfaceScale;
import org.layerwise.gui.app.WindowSettings;
import org.layerwise.install.AppFolders;

/** Opens the window. Not a JavaFX application itself, so that it also starts from the class path. */
public final class GuiLauncher {

    private GuiLauncher() {}

    /**
     * Opens the window and returns after the window is closed.
     *
     * @param args study file, or any other file or folder that can be dropped on the window, to open at the start; may
     *     be empty
     */
    public static void launch(String[] args) {
        int scale = WindowSettings.read(AppFolders.ofPlatform()).scale();
        InterfaceScale.properties(scale, System.getProperty("os.name", "")).forEach((key, value) -> {
            if (System.getProperty(key) == null) { // a value given on the command line has priority
                System.setProperty(key, value);
            }
        });
        Application.launch(LayerwiseApp.class, args);
    }
}
