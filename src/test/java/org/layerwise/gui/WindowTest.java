package org.layerwise.gui;

import static org.assertj.core.api.Assertions.fail;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javafx.scene.Node;
import javafx.scene.control.Labeled;
import javafx.stage.Stage;
import javafx.stage.Window;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.gui.engine.Engine;
import org.layerwise.gui.shell.MainWindow;
import org.layerwise.gui.shell.WindowSettings;
import org.testfx.framework.junit5.ApplicationTest;
import org.testfx.util.WaitForAsyncUtils;

/** Opens the real window around an engine and helps to drive it. */
abstract class WindowTest extends ApplicationTest {

    private static final int PATIENCE_SECONDS = 20;

    @TempDir
    static Path folder;

    protected final ChosenFiles files = new ChosenFiles();
    protected MainWindow window;
    protected Stage stage;

    /** The engine that the window works with. */
    protected abstract Engine engine();

    @Override
    public void start(Stage shown) {
        stage = shown;
        WindowSettings settings =
                WindowSettings.read(folder.resolve("window-" + getClass().getSimpleName() + ".json"));
        window = new MainWindow(shown, engine(), folder.resolve("runs"), settings, files);
        shown.setX(0);
        shown.setY(0);
        window.show();
        shown.toFront();
    }

    @Override
    public void stop() {
        window.close();
    }

    /** Closes all windows but the one that is driven: notices lie over buttons. */
    @AfterEach
    void closeNotices() {
        WaitForAsyncUtils.waitForAsyncFx(2000, () -> List.copyOf(Window.getWindows()).stream()
                .filter(open -> open != stage)
                .forEach(Window::hide));
    }

    /** How long to wait for anything. */
    protected int patienceSeconds() {
        return PATIENCE_SECONDS;
    }

    /** Waits until a condition holds, looked at on the FX thread. */
    protected void await(String what, Callable<Boolean> condition) {
        try {
            WaitForAsyncUtils.waitFor(
                    patienceSeconds(), TimeUnit.SECONDS, () -> WaitForAsyncUtils.waitForAsyncFx(5000, condition));
            WaitForAsyncUtils.waitForFxEvents();
        } catch (TimeoutException e) {
            fail("waited in vain until " + what);
        }
    }

    /** What a label or button says. */
    protected String words(String query) {
        return lookup(query).tryQuery().map(node -> ((Labeled) node).getText()).orElse("");
    }

    /** Whether a node is there and can be seen. */
    protected boolean visible(String query) {
        return lookup(query).queryAll().stream().anyMatch(WindowTest::seen);
    }

    /** Whether a node can be seen, as far as its ancestors say. */
    protected static boolean seen(Node node) {
        for (Node at = node; at != null; at = at.getParent()) {
            if (!at.isVisible()) {
                return false;
            }
        }
        return node.getScene() != null
                && node.getScene().getWindow() != null
                && node.getScene().getWindow().isShowing();
    }
}
