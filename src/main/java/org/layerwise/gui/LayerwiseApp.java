package org.layerwise.gui;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javafx.application.Application;
import javafx.stage.Stage;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.process.OwnCommand;
import org.layerwise.gui.app.DefaultFolders;
import org.layerwise.gui.app.MainWindow;
import org.layerwise.gui.app.WindowSettings;
import org.layerwise.gui.app.Windows;
import org.layerwise.gui.common.NativeFileDialogs;
import org.layerwise.gui.tasks.WorkLanes;
import org.layerwise.install.AppFolders;
import org.layerwise.study.Workbench;
import org.layerwise.study.cluster.ClusterAccess;
import org.slf4j.LoggerFactory;

/** JavaFX application. Creates the workbench and the windows, and closes both. */
public final class LayerwiseApp extends Application {

    private @Nullable Windows windows;
    private @Nullable Workbench workbench;

    /** Creates the application. Called by the toolkit. */
    public LayerwiseApp() {}

    @Override
    public void start(Stage stage) {
        AppFolders folders = AppFolders.ofPlatform();
        WindowSettings settings = WindowSettings.read(folders);
        Workbench opened = new Workbench(folders);
        workbench = opened;
        windows = new Windows(
                opened,
                questions -> new ClusterAccess(opened, questions),
                new WorkLanes(),
                DefaultFolders.of(folders),
                settings,
                window -> new NativeFileDialogs(window, settings),
                address -> getHostServices().showDocument(address.toString()),
                true);
        MainWindow window = windows.first(stage);
        new StartupTime().start();
        List<String> arguments = getParameters().getUnnamed();
        arguments.forEach(argument -> window.open(Path.of(argument)));
    }

    private static void startAgain() {
        try {
            OwnCommand.process(OwnCommand.command(), List.of()).inheritIO().start();
        } catch (IOException e) {
            LoggerFactory.getLogger(LayerwiseApp.class).error("The program does not start again", e);
        }
    }

    @Override
    public void stop() {
        if (windows != null) {
            windows.close();
        }
        if (workbench != null) {
            workbench.close();
        }
        if (windows != null && windows.restarting()) {
            startAgain();
        }
    }
}
