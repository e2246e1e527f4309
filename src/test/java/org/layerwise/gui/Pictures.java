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
import org.layerwise.gui.shell.Theme;
import org.testfx.util.WaitForAsyncUtils;

/** Photographs the window for people to look at. */
final class Pictures {

    private static final Path FOLDER = Path.of("target", "screenshots");
    private static final int WIDTH = 1280;
    private static final int HEIGHT = 800;
    private static final int SETTLED_MILLIS = 350;

    private final WindowTest test;

    Pictures(WindowTest test) {
        this.test = test;
    }

    /** In the light and the dark theme. */
    void both(String name) throws Exception {
        for (Theme theme : new Theme[] {Theme.DARK, Theme.LIGHT}) {
            WaitForAsyncUtils.waitForAsyncFx(2000, () -> {
                test.stage.setWidth(WIDTH);
                test.stage.setHeight(HEIGHT);
                test.window.setTheme(theme);
            });
            test.sleep(SETTLED_MILLIS);
            capture(name + "-" + theme.name().toLowerCase(Locale.ROOT));
        }
    }

    /** The screen, so that menus, dialogs and notices are seen too. */
    private void capture(String name) throws IOException {
        WaitForAsyncUtils.waitForFxEvents();
        BufferedImage picture = WaitForAsyncUtils.waitForAsyncFx(
                5000,
                () -> SwingFXUtils.fromFXImage(
                        new Robot().getScreenCapture(null, new Rectangle2D(0, 0, WIDTH, HEIGHT)), null));
        Files.createDirectories(FOLDER);
        ImageIO.write(picture, "png", FOLDER.resolve(name + ".png").toFile());
    }
}
