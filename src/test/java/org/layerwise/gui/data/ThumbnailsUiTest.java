package org.layerwise.gui.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javafx.scene.image.Image;
import javafx.scene.paint.Color;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.layerwise.data.image.ImageSource;
import org.layerwise.gui.tasks.FxExecutor;
import org.testfx.api.FxToolkit;

@Tag("window")
@Timeout(60)
class ThumbnailsUiTest {

    private final BlockingQueue<Runnable> actions = new LinkedBlockingQueue<>();
    private final Thumbnails thumbnails = new Thumbnails(new FxExecutor() {
        @Override
        public void run(Runnable action) {
            actions.add(action);
        }

        @Override
        public Runnable coalesced(Runnable action) {
            return action;
        }
    });

    @BeforeAll
    static void startToolkit() throws TimeoutException {
        FxToolkit.registerPrimaryStage();
    }

    @AfterEach
    void close() {
        thumbnails.close();
    }

    @Test
    void anImageIsShrunk() throws Exception {
        Image small = thumbnail(png(400, 100));

        assertThat(small.getWidth()).isEqualTo(2 * Thumbnails.SIDE);
        assertThat(small.getHeight()).isEqualTo(Thumbnails.SIDE / 2.0);
        assertThat(small.getPixelReader().getColor(1, 1)).isEqualTo(Color.WHITE);
    }

    @Test
    void anImageThatTrainingsRefuseHasNone() throws Exception {
        List<Image> shown = new CopyOnWriteArrayList<>();
        thumbnails.of(png(18_000, 18_000), shown::add);

        thumbnail(png(10, 10));

        assertThat(shown).isEmpty();
    }

    /** Images are read one after another, so that those before it are read, too. */
    private Image thumbnail(ImageSource source) throws Exception {
        CompletableFuture<Image> made = new CompletableFuture<>();
        thumbnails.of(source, made::complete);
        while (!made.isDone()) {
            Runnable action = actions.poll(50, TimeUnit.SECONDS);
            assertThat(action).isNotNull();
            action.run();
        }
        return made.join();
    }

    private static ImageSource png(int width, int height) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_BINARY);
        Graphics2D painter = image.createGraphics();
        painter.setColor(java.awt.Color.WHITE);
        painter.fillRect(0, 0, width, height);
        painter.dispose();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "png", bytes);
        return new ImageSource.InCell("a.png", bytes.toByteArray());
    }
}
