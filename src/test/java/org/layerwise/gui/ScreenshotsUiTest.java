package org.layerwise.gui;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javafx.embed.swing.SwingFXUtils;
import javafx.geometry.Rectangle2D;
import javafx.scene.control.TreeView;
import javafx.scene.input.KeyCode;
import javafx.scene.robot.Robot;
import javax.imageio.ImageIO;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.layerwise.gui.app.ThemeChoice;
import org.layerwise.install.AppFolders;
import org.layerwise.study.Workbench;
import org.testfx.util.WaitForAsyncUtils;

/**
 * Photographs the window at each step of the job: pictures to look at, in target/screenshots. Two sizes instead of one with
 * {@code -Dtest.jvm.args=-Dlayerwise.pictures=all}, on the real engine and the sample study with {@code
 * -Dlayerwise.pictures=real}, which takes minutes.
 */
class ScreenshotsUiTest extends WindowTest {

    private static final Path PICTURES = Path.of("target", "screenshots");

    private record Size(int width, int height) {}

    private static final String MODE = System.getProperty("layerwise.pictures", "");
    private static final long PACE = 40;
    private static final long UNHURRIED = 150;
    private static final long SLOW = 1500;
    private static final boolean REAL = MODE.equals("real");
    private static final List<ThemeChoice> THEMES =
            MODE.isEmpty() ? List.of(ThemeChoice.LIGHT) : List.of(ThemeChoice.LIGHT, ThemeChoice.DARK);
    private static final List<Size> SIZES =
            MODE.isEmpty() ? List.of(new Size(1280, 800)) : List.of(new Size(1280, 800), new Size(1600, 1000));

    @Override
    protected Workbench workbench() {
        return REAL
                ? new Workbench(new AppFolders(
                        folder.resolve("data"),
                        folder.resolve("config"),
                        folder.resolve("state"),
                        folder.resolve("cache")))
                : super.workbench();
    }

    @Override
    protected int patienceSeconds() {
        return REAL ? 300 : super.patienceSeconds();
    }

    @Test
    void everyStepOfTheJob() throws Exception {
        shoot("01-welcome");
        clickOn("#tab-data");
        shoot("02-data-empty");
        clickOn("#tab-analysis");
        shoot("03-analysis-empty");
        clickOn("#tab-training");
        shoot("04-training-empty");

        clickOn("#tab-model");
        interact(() -> lookup("#tabs").query().requestFocus());
        push(KeyCode.TAB);
        shootOnce("04-focus-button");
        push(KeyCode.SHIFT, KeyCode.TAB);
        shootOnce("04-focus-tab");
        pace.set(PACE);
        clickOn("#welcome-sample");
        sleep(60);
        shootOnce("05-opening");
        await("the heatmap fills", () -> visible("#heatmap"));
        sleep(300);
        shootOnce("05-analysis-running");
        await("the analysis is done", () -> words("#selection-count").startsWith("6 of"));
        await("nothing runs", () -> words("#task-message").startsWith("Nothing"));
        shootOnce("06-notification");
        sleep(300);
        closeNotices();
        shoot("07-analysis");
        moveTo("#heatmap");
        sleep(200);
        shootOnce("08-hover");
        onFx(() -> {
            stage.setWidth(1024);
            stage.setHeight(700);
        });
        sleep(400);
        shootOnce("08-small");
        clickOn("#tab-model");
        for (int tab = 0; tab < 3; tab++) {
            push(KeyCode.TAB);
        }
        shootOnce("08-focus");
        shoot("09-model");
        clickOn("#tab-data");
        shoot("10-data");
        clickOn("#go-train");
        shoot("11-training-form");
        pace.steps(UNHURRIED);
        clickOn("#train");
        await("half is trained", () -> words("#run-state").matches(".*step [12]\\d.*"));
        pace.steps(SLOW); // what is looked at must not be over before
        clickOn("#train");
        clickOn("#task-queue");
        shootOnce("12-training-running");
        clickOn("#cancel-queued");
        pace.set(0);
        // the first of the last section; its cell is another one with every step
        TreeView<Object> navigator = lookup("#navigator").query();
        interact(() -> navigator
                .getSelectionModel()
                .select(navigator.getRow(
                        navigator.getRoot().getChildren().get(4).getChildren().get(0))));
        await("the training is done", () -> words("#run-state").startsWith("finished"));
        sleep(300);
        closeNotices();
        shoot("13-trained");

        clickOn("#menu-file");
        sleep(300);
        shootOnce("14-menu");
        push(KeyCode.ESCAPE);
        push(KeyCode.CONTROL, KeyCode.E);
        sleep(500);
        shootOnce("15-export");
        push(KeyCode.ESCAPE);
        await("the dialog is closed", () -> !visible(".dialog-pane"));
        files.choose(Files.createDirectories(home.resolve("broken")));
        push(KeyCode.CONTROL, KeyCode.M);
        clickOn("#choose-folder");
        await("an error is shown", () -> visible(".dialog-pane") && visible(".danger-icon"));
        sleep(300);
        shootOnce("16-error");
        clickOn("Close");
        shoot("17-failed-pane");
        Assertions.assertThat(PICTURES.resolve("07-analysis-light-1280x800.png"))
                .isNotEmptyFile();
    }

    /** In one theme and size; with {@code -Dlayerwise.pictures} in both themes and all sizes. */
    private void shoot(String name) throws Exception {
        for (Size size : SIZES) {
            for (ThemeChoice theme : THEMES) {
                onFx(() -> {
                    stage.setWidth(size.width);
                    stage.setHeight(size.height);
                    windows.setTheme(theme);
                });
                sleep(350);
                capture("%s-%s-%sx%s".formatted(name, theme.name().toLowerCase(Locale.ROOT), size.width, size.height));
            }
        }
        onFx(() -> {
            stage.setWidth(SIZES.get(0).width);
            stage.setHeight(SIZES.get(0).height);
            windows.setTheme(ThemeChoice.LIGHT);
        });
        sleep(200);
    }

    private void shootOnce(String name) throws Exception {
        capture(name + "-light");
    }

    /** The screen, so that menus, dialogs and notices are seen too. */
    private void capture(String name) throws IOException {
        WaitForAsyncUtils.waitForFxEvents();
        BufferedImage picture = onFx(() -> SwingFXUtils.fromFXImage(
                new Robot().getScreenCapture(null, new Rectangle2D(0, 0, stage.getWidth(), stage.getHeight())), null));
        Files.createDirectories(PICTURES);
        ImageIO.write(picture, "png", PICTURES.resolve(name + ".png").toFile());
    }
}
