package org.layerwise.gui;

import java.nio.file.Path;
import java.util.List;
import javafx.application.Application;
import javafx.stage.Stage;
import org.jspecify.annotations.Nullable;
import org.layerwise.gui.dialog.NativeFileDialogs;
import org.layerwise.gui.engine.StudyEngine;
import org.layerwise.gui.shell.MainWindow;
import org.layerwise.gui.shell.WindowSettings;
import org.layerwise.study.AppFolders;
import org.layerwise.study.Workbench;

/** The JavaFX application: makes the engine and the window, and closes both. */
public final class LayerwiseApp extends Application {

    private @Nullable MainWindow window;
    private @Nullable StudyEngine engine;

    /** Called by the toolkit. */
    public LayerwiseApp() {}

    @Override
    public void start(Stage stage) {
        AppFolders folders = AppFolders.ofPlatform();
        WindowSettings settings = WindowSettings.read(folders.config().resolve("window.json"));
        engine = new StudyEngine(new Workbench(folders));
        window = new MainWindow(stage, engine, folders.runs(), settings, new NativeFileDialogs(stage, settings));
        window.show();
        List<String> arguments = getParameters().getUnnamed();
        if (!arguments.isEmpty()) {
            window.open(Path.of(arguments.get(0)));
        }
    }

    @Override
    public void stop() {
        if (window != null) {
            window.close();
        }
        if (engine != null) {
            engine.close();
        }
    }
}
