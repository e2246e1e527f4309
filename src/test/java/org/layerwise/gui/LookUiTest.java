package org.layerwise.gui;

import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.util.Locale;
import javafx.embed.swing.SwingFXUtils;
import javafx.geometry.Rectangle2D;
import javafx.scene.input.KeyCode;
import javafx.scene.robot.Robot;
import org.junit.jupiter.api.Test;
import org.layerwise.gui.app.ThemeChoice;
import org.testfx.util.WaitForAsyncUtils;

/** The window looks as it was approved, in light and dark, at the size of a small laptop. */
class LookUiTest extends WindowTest {

    private static final int WIDTH = 1280;
    private static final int HEIGHT = 800;
    private static final int STATUS = 32;
    private static final int SETTLED_MILLIS = 500;

    @Test
    void thePanesLookAsApproved() throws Exception {
        check("start");
        openTheSample();
        hideNotices();
        check("analysis");
        pane(1, "model");
        pane(2, "data");
        pane(6, "training");
        push(KeyCode.CONTROL, KeyCode.K);
        await("the palette is open", () -> visible("#palette-field"));
        write("sel");
        check("palette");
    }

    private void pane(int number, String name) throws Exception {
        push(KeyCode.CONTROL, KeyCode.getKeyCode(String.valueOf(number)));
        check(name);
    }

    private void check(String name) throws Exception {
        for (ThemeChoice theme : new ThemeChoice[] {ThemeChoice.DARK, ThemeChoice.LIGHT}) {
            onFx(() -> {
                stage.setWidth(WIDTH);
                stage.setHeight(HEIGHT);
                windows.setTheme(theme);
            });
            moveTo(
                    stage.getScene().getRoot(),
                    javafx.geometry.Pos.BOTTOM_RIGHT,
                    new javafx.geometry.Point2D(-4, -4),
                    org.testfx.robot.Motion.DIRECT);
            sleep(SETTLED_MILLIS);
            WaitForAsyncUtils.waitForFxEvents();
            BufferedImage picture = onFx(() -> SwingFXUtils.fromFXImage(
                    new Robot().getScreenCapture(null, new Rectangle2D(0, 0, WIDTH, HEIGHT)), null));
            // memory and times are other ones every time
            Approved.check(
                    name + "-" + theme.name().toLowerCase(Locale.ROOT),
                    Approved.without(picture, new Rectangle(0, HEIGHT - STATUS, WIDTH, STATUS)));
        }
    }
}
