package org.layerwise.gui;

import javafx.application.Application;

/** Opens the window. Not itself a JavaFX application, so that it starts from the class path too. */
public final class GuiLauncher {

    private GuiLauncher() {}

    /**
     * Opens the window and returns when it is closed.
     *
     * @param args a model folder to open at once, if there is any
     */
    public static void launch(String[] args) {
        Application.launch(LayerwiseApp.class, args);
    }
}
