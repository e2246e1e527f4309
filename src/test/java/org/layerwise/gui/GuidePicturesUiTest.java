package org.layerwise.gui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javafx.embed.swing.SwingFXUtils;
import javafx.geometry.Rectangle2D;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ListView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.robot.Robot;
import javafx.stage.Window;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.layerwise.base.json.Json;
import org.layerwise.gui.app.ThemeChoice;
import org.layerwise.install.AppFolders;
import org.layerwise.study.Workbench;
import org.testfx.util.WaitForAsyncUtils;

/**
 * Goes through the tutorial (src/site/markdown/tutorial.md) in the real window on the real engine with the real sample, holds what the page
 * says, and photographs it for the pages. Takes minutes, so only on demand: {@code src/scripts/screenshots.sh}.
 */
@EnabledIfSystemProperty(named = "layerwise.screenshots", matches = ".+")
class GuidePicturesUiTest extends WindowTest {

    private static final Path PICTURES = Path.of(System.getProperty("layerwise.screenshots", "target"));
    private static final int WIDTH = 1280;
    private static final int HEIGHT = 800;
    private static final int MOST_BYTES = 200_000;

    @Override
    protected Workbench workbench() {
        return new Workbench(new AppFolders(
                folder.resolve("data"), folder.resolve("config"), folder.resolve("state"), folder.resolve("cache")));
    }

    @Override
    protected Path runs() {
        // a path that readers may have, since a picture shows its end
        return folder.resolve("Documents").resolve("layerwise").resolve("runs");
    }

    @Override
    protected int patienceSeconds() {
        return 300;
    }

    @Test
    void theTutorial() throws Exception {
        onFx(() -> {
            stage.setWidth(WIDTH);
            stage.setHeight(HEIGHT);
            windows.setTheme(ThemeChoice.LIGHT);
            return null;
        });

        clickOn("#welcome-sample");
        await("the analysis is done", () -> words("#selection-count").equals("6 of 12 layers"));
        clickOn("#measures");
        await("measures can be chosen", () -> visible("#measure-panel"));
        clickOn("#resample");
        clickOn("#measures");
        clickOn("#analyze");
        await("it is resampled", () -> words("#analysis-title").endsWith("analysis 2"));
        settle();
        assertThat(words("#selection-count")).isEqualTo("6 of 12 layers");
        assertThat(words("#trust-remark")).contains("clear-cut", "98", "1");
        shoot("workbench");
        shootDark("workbench-dark");

        clickOn("#go-train");
        await("the memory is estimated", () -> words("#training-memory").startsWith("About"));
        train("finished");
        settle();
        shoot("training");

        push(KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.A);
        await("all layers are selected", () -> words("#selection-count").equals("12 of 12 layers"));
        interact(() -> lookup("#train").queryButton().fire());
        await("the second run goes", () -> words("#run-state").startsWith("running"));
        await("the second run is done", () -> words("#run-state").startsWith("finished"));
        settle();
        clickOn("#tab-runs");
        settle();
        shoot("runs");

        push(KeyCode.CONTROL, KeyCode.Z);
        await("half of the layers are selected", () -> words("#selection-count").equals("6 of 12 layers"));
        push(KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.L);
        await("the forms are there", () -> visible("#export-formats"));
        interact(() -> ((ListView<?>) lookup("#export-formats").query())
                .getSelectionModel()
                .select(2));
        shootWindow("export-selection", "#export-formats");
        interact(() -> lookup("#export-close").queryButton().fire());

        clickOn("#tab-analysis");
        clickOn("#measures");
        await("measures can be chosen", () -> visible("#measure-panel"));
        clickOn("#measure-debiased-cka");
        clickOn("#measure-block-influence");
        clickOn("#measure-rsa");
        clickOn("#resample");
        clickOn("#measures");
        clickOn("#analyze");
        await("four measures are there", () -> words("#analysis-title").endsWith("analysis 3"));
        settle();
        clickOn("#tab-compare");
        interact(() -> lookup(node -> node instanceof CheckBox box
                        && box.getId() != null
                        && box.getId().startsWith("compare-"))
                .queryAllAs(CheckBox.class)
                .forEach(box -> box.setSelected(box.getId().startsWith("compare-3-"))));
        settle();
        shoot("compare");
    }

    private void train(String state) throws IOException {
        interact(() -> ((TextField) lookup("#field-lr").query()).setText("0.004"));
        interact(() -> lookup("#train").queryButton().fire());
        await("it is " + state, () -> words("#run-state").startsWith(state));
        try (Stream<Path> all = Files.list(runs())) {
            Path run = all.findFirst().orElseThrow();
            JsonNode summary = Json.read(run.resolve("summary.json"));
            assertThat(summary.path("adapter_parameters").asInt()).isEqualTo(331_776);
            assertThat(summary.path("before").path("accuracy").asDouble()).isCloseTo(0.186, within(0.01));
            assertThat(summary.path("after").path("accuracy").asDouble()).isCloseTo(0.869, within(0.02));
        }
    }

    private void settle() {
        await("nothing runs", () -> words("#task-message").startsWith("Nothing"));
        sleep(500);
        moveTo("#status");
        await("notices are gone", () -> lookup(".notice-box").queryAll().isEmpty());
        sleep(500);
    }

    private void shootDark(String name) throws Exception {
        onFx(() -> {
            windows.setTheme(ThemeChoice.DARK);
            return null;
        });
        sleep(500);
        shoot(name);
        onFx(() -> {
            windows.setTheme(ThemeChoice.LIGHT);
            return null;
        });
        sleep(500);
    }

    /** The screen where the window is, colours without transparency, packed tightly. */
    private void shoot(String name) throws Exception {
        shoot(name, new Rectangle2D(0, 0, WIDTH, HEIGHT));
    }

    /** The window that holds a node: virtual displays draw no frame around it, so it is shown without what lies behind. */
    private void shootWindow(String name, String query) throws Exception {
        sleep(1000);
        Window window = lookup(query).query().getScene().getWindow();
        shoot(name, new Rectangle2D(window.getX(), window.getY(), window.getWidth(), window.getHeight()));
    }

    private void shoot(String name, Rectangle2D where) throws Exception {
        WaitForAsyncUtils.waitForFxEvents();
        BufferedImage screen = onFx(() -> SwingFXUtils.fromFXImage(new Robot().getScreenCapture(null, where), null));
        BufferedImage picture = new BufferedImage(screen.getWidth(), screen.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        graphics.drawImage(screen, 0, 0, null);
        graphics.dispose();
        Path file = PICTURES.resolve(name + ".png");
        write(picture, file);
        assertThat(Files.size(file)).as(name).isLessThan(MOST_BYTES);
    }

    private static void write(BufferedImage picture, Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.deleteIfExists(file); // a longer file would keep its end
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        ImageWriteParam tight = writer.getDefaultWriteParam();
        tight.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        tight.setCompressionQuality(0);
        try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(picture, null, null), tight);
        } finally {
            writer.dispose();
        }
    }
}
