package org.layerwise.gui;

import javafx.application.Application;
import org.layerwise.gui.shell.InterfaceScale;
import org.layerwise.gui.shell.WindowSettings;
import org.layerwise.study.AppFolders;

/** Opens the window. Not itself a JavaFX application, so that it starts from the class path too. */
public final class GuiLauncher {

    private GuiLauncher() {}

    /**
     * Opens the window and returns when it is closed.
     *
     * @param args a study file, or anything else that can be dropped on the window, to open at once; may be empty
     */
    public static void launch(String[] args) {
        int scale = WindowSettings.read(AppFolders.ofPlatform()).scale();
        InterfaceScale.properties(scale, System.getProperty("os.name", "")).forEach((key, value) -> {
            if (System.getProperty(key) == null) { // whoever names it on the command line means it
                System.setProperty(key, value);
            }
        });
        Application.launch(LayerwiseApp.class, args);
    }
}
