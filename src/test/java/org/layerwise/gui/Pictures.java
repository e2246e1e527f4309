package org.layerwise.gui;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import javafx.embed.swing.SwingFXUtils;
import javafx.geometry.Rectangle2D;
import javafx.scene.robot.Robot;
import javax.imageio.ImageIO;
import org.layerwise.gui.app.ThemeChoice;
import org.testfx.util.WaitForAsyncUtils;

/** Photographs the window for people to look at. */
final class Pictures {

    private static final Path FOLDER = Path.of("target", "screenshots");
    private static final int SETTLED_MILLIS = 350;
    private static final Size USUAL = new Size(1280, 800);
    private static final Size LARGE = new Size(1600, 1000);

    private record Size(int width, int height) {}

    private final WindowTest test;

    Pictures(WindowTest test) {
        this.test = test;
    }

    /**
     * In the light and the dark theme, only with {@code -Dtest.jvm.args=-Dlayerwise.pictures=usual}, since each theme takes a second;
     * with {@code all} in a large window, too. The window is left in the usual size and the light theme.
     */
    void both(String name) throws Exception {
        String wanted = System.getProperty("layerwise.pictures", "");
        if (wanted.equals("all")) {
            both(name + "-large", LARGE);
        }
        if (wanted.isEmpty()) {
            show(USUAL, ThemeChoice.LIGHT);
            test.sleep(SETTLED_MILLIS);
        } else {
            both(name, USUAL);
        }
    }

    private void show(Size size, ThemeChoice theme) {
        WindowTest.onFx(() -> {
            test.stage.setWidth(size.width);
            test.stage.setHeight(size.height);
            test.windows.setTheme(theme);
        });
    }

    private void both(String name, Size size) throws Exception {
        for (ThemeChoice theme : new ThemeChoice[] {ThemeChoice.DARK, ThemeChoice.LIGHT}) {
            show(size, theme);
            test.sleep(SETTLED_MILLIS);
            capture(name + "-" + theme.name().toLowerCase(Locale.ROOT), size);
        }
    }

    /** The screen, so that menus, dialogs and notices are seen too. */
    private void capture(String name, Size size) throws IOException {
        WaitForAsyncUtils.waitForFxEvents();
        BufferedImage picture = WindowTest.onFx(() -> SwingFXUtils.fromFXImage(
                new Robot().getScreenCapture(null, new Rectangle2D(0, 0, size.width, size.height), false), null));
        Files.createDirectories(FOLDER);
        ImageIO.write(picture, "png", FOLDER.resolve(name + ".png").toFile());
    }
}
