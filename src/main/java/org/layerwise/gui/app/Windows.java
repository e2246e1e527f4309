package org.layerwise.gui.app;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import javafx.animation.PauseTransition;
import javafx.stage.Stage;
import javafx.util.Duration;
import org.jspecify.annotations.Nullable;
import org.layerwise.gui.common.FileDialogs;
import org.layerwise.gui.study.StudyWindows;
import org.layerwise.gui.tasks.WorkLanes;
import org.layerwise.remote.ssh.SshQuestions;
import org.layerwise.study.Workbench;
import org.layerwise.study.cluster.ClusterAccess;
import org.layerwise.study.document.RecoverySlot;
import org.layerwise.study.document.RecoveryStore;

/** Windows of the program. Each window has one study; all share one workbench. Must be used on the FX thread only. */
public final class Windows implements StudyWindows, AutoCloseable {

    private static final double OFFSET = 32;
    private static final Duration SAVED_AFTER = Duration.millis(500);

    private final WindowServices world;
    private final Function<Stage, FileDialogs> files;
    private final List<MainWindow> open = new ArrayList<>();
    private boolean restarting;

    /**
     * Creates the program's windows without showing any.
     *
     * @param workbench access to models, data and devices; stays open when the windows close
     * @param access returns access to the clusters of the user who answers questions
     * @param lanes threads for the work of all windows, which end when the windows close
     * @param files creates the file dialogs of a window
     * @param web opens an address in the browser
     * @param prepares true if what a window shows later is prepared after it is first painted
     */
    public Windows(
            Workbench workbench,
            Function<SshQuestions, ClusterAccess> access,
            WorkLanes lanes,
            DefaultFolders places,
            WindowSettings settings,
            Function<Stage, FileDialogs> files,
            Consumer<URI> web,
            boolean prepares) {
        Appearance appearance = new Appearance(settings.theme());
        appearance.choiceProperty().addListener((observable, was, is) -> settings.setTheme(is));
        world = new WindowServices(workbench, access, lanes, settings, places, appearance, this, web, prepares);
        this.files = files;
        // saving after each change keeps the settings even if the program is killed
        PauseTransition soon = new PauseTransition(SAVED_AFTER);
        soon.setOnFinished(event -> world.lanes().runInBackground(settings.saving()));
        settings.whenChanged(soon::playFromStart);
    }

    /** Opens the first window of the program in the stage from the toolkit. */
    public MainWindow first(Stage stage) {
        return show(stage, true);
    }

    private MainWindow show(Stage stage, boolean first) {
        MainWindow window = new MainWindow(stage, world, files.apply(stage));
        stage.setOnHidden(event -> close(window));
        stage.focusedProperty().addListener((observable, was, is) -> {
            if (is) {
                world.appearance().look();
            }
        });
        if (!first && !open.isEmpty()) {
            Stage before = open.get(open.size() - 1).stage();
            stage.setX(before.getX() + OFFSET);
            stage.setY(before.getY() + OFFSET);
        }
        open.add(window);
        window.show(first);
        return window;
    }

    @Override
    public void open(@Nullable Path study) {
        MainWindow window = show(new Stage(), false);
        if (study != null) {
            window.open(study);
        }
    }

    @Override
    public void recover(RecoverySlot slot, RecoveryStore.Left copy) {
        show(new Stage(), false).study().recover(slot, copy);
    }

    @Override
    public boolean show(Path study) {
        for (MainWindow window : open) {
            if (study.equals(window.study().fileProperty().get())) {
                window.stage().setIconified(false);
                window.stage().toFront();
                window.stage().requestFocus();
                return true;
            }
        }
        return false;
    }

    /** Returns true if the program must start again after it has ended. */
    public boolean restarting() {
        return restarting;
    }

    /** Closes all windows as {@link #closeAll} does, and requests a restart of the program. */
    void restart() {
        restarting = true;
        List.copyOf(open).forEach(MainWindow::requestClose);
    }

    /** Cancels an earlier restart request. Called when the user closes a window. */
    void cancelRestart() {
        restarting = false;
    }

    /** Asks each window to close. Each window may ask the user. */
    void closeAll() {
        cancelRestart();
        List.copyOf(open).forEach(MainWindow::requestClose);
    }

    /** Sets the theme of all windows. */
    public void setTheme(ThemeChoice theme) {
        world.appearance().choiceProperty().set(theme);
    }

    /**
     * Closes a window in the background. The last window is closed with the program, which waits for the window's work.
     */
    private void close(MainWindow window) {
        if (open.size() <= 1 || !open.remove(window)) {
            return;
        }
        window.stop();
        Thread closing = new Thread(window::close, "layerwise-closing");
        closing.start();
    }

    /** Stops all work, waits some seconds for it to end, and saves the settings. */
    @Override
    public void close() {
        open.forEach(MainWindow::stop);
        open.forEach(MainWindow::close);
        open.clear();
        world.lanes().close();
        world.settings().write(); // after the last changes of the runs
    }
}
