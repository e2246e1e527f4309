package org.layerwise.gui.shell;

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
import org.layerwise.gui.dialog.FileDialogs;
import org.layerwise.gui.engine.Engine;
import org.layerwise.gui.study.StudyWindows;
import org.layerwise.gui.tasks.WorkLanes;
import org.layerwise.study.document.RecoverySlot;
import org.layerwise.study.document.RecoveryStore;

/** The windows of the program, a study each, over one engine. On the FX thread only. */
public final class Windows implements StudyWindows, AutoCloseable {

    private static final double OFFSET = 32;
    private static final Duration SAVED_AFTER = Duration.millis(500);

    private final WindowWorld world;
    private final Function<Stage, FileDialogs> files;
    private final List<MainWindow> open = new ArrayList<>();
    private boolean restarting;

    /**
     * @param engine what works; not closed with the windows
     * @param files the file dialogs of a window
     * @param web opens an address in the browser
     */
    public Windows(
            Engine engine,
            Places places,
            WindowSettings settings,
            Function<Stage, FileDialogs> files,
            Consumer<URI> web) {
        Appearance appearance = new Appearance(settings.theme());
        appearance.choiceProperty().addListener((observable, was, is) -> settings.setTheme(is));
        world = new WindowWorld(engine, new WorkLanes(), settings, places, appearance, this, web);
        this.files = files;
        // a program that is killed keeps what was chosen before
        PauseTransition soon = new PauseTransition(SAVED_AFTER);
        soon.setOnFinished(event -> world.lanes().aside(settings.saving()));
        settings.whenChanged(soon::playFromStart);
    }

    /** Opens the program's first window in a stage that the toolkit gave. */
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

    /** Whether the program is to start again once it has ended. */
    public boolean restarting() {
        return restarting;
    }

    /** Closes all windows as {@link #closeAll}, and asks for another start of the program. */
    void restart() {
        restarting = true;
        List.copyOf(open).forEach(MainWindow::requestClose);
    }

    /** People close something themselves: an earlier wish to start again, which they let go, does not hold. */
    void stayClosed() {
        restarting = false;
    }

    /** Closes all windows, each with its own questions. */
    void closeAll() {
        stayClosed();
        List.copyOf(open).forEach(MainWindow::requestClose);
    }

    /** The theme, to look at the windows in both. */
    public void setTheme(ThemeChoice theme) {
        world.appearance().choiceProperty().set(theme);
    }

    /** The last window is closed with the program, which waits for it; any other in the background. */
    private void close(MainWindow window) {
        if (open.size() <= 1 || !open.remove(window)) {
            return;
        }
        window.stop();
        Thread closing = new Thread(window::close, "layerwise-closing");
        closing.start();
    }

    /** Stops all work, waits for it some seconds, and saves the settings. */
    @Override
    public void close() {
        open.forEach(MainWindow::stop);
        open.forEach(MainWindow::close);
        open.clear();
        world.lanes().close();
        world.settings().write(); // after all that is written of runs
    }
}
