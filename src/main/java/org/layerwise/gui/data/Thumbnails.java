package org.layerwise.gui.data;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import javafx.scene.image.Image;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;
import org.layerwise.base.UserException;
import org.layerwise.data.image.ImagePreview;
import org.layerwise.data.image.ImageSource;
import org.layerwise.gui.tasks.FxExecutor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates thumbnails of a dataset's images on a separate thread and caches the last ones requested. */
public final class Thumbnails implements AutoCloseable {

    /** Length of the longest side in screen pixels. */
    static final int SIDE = 28;

    private static final Logger LOG = LoggerFactory.getLogger(Thumbnails.class);
    private static final int KEPT = 200;
    private static final int CHANNELS = 3;
    private static final int SHARPNESS = 2; // for screens with two device pixels per pixel

    private final FxExecutor ui;
    private final ExecutorService worker = Executors.newSingleThreadExecutor(runnable -> {
        Thread thread = new Thread(runnable, "layerwise-thumbnails");
        thread.setDaemon(true);
        return thread;
    });
    // on the FX thread only
    private final Map<ImageSource, Image> known = new LinkedHashMap<>(KEPT, 0.75f, true);

    public Thumbnails(FxExecutor ui) {
        this.ui = ui;
    }

    /**
     * Creates the thumbnail of an image. Must be called on the FX thread. An image that cannot be read has no
     * thumbnail: the table shows its name, and the task that uses the image reports the error.
     *
     * @param ready receives the thumbnail on the FX thread, immediately if it is cached
     */
    void of(ImageSource source, Consumer<Image> ready) {
        Image picture = known.get(source);
        if (picture != null) {
            ready.accept(picture);
        } else if (!worker.isShutdown()) {
            worker.execute(() -> make(source, ready));
        }
    }

    private void make(ImageSource source, Consumer<Image> ready) {
        try {
            Image picture = picture(ImagePreview.of(source, SIDE * SHARPNESS));
            ui.run(() -> {
                known.put(source, picture);
                if (known.size() > KEPT) {
                    known.remove(known.keySet().iterator().next());
                }
                ready.accept(picture);
            });
        } catch (UserException e) {
            LOG.debug("No preview: {}", e.getMessage());
        }
    }

    private static Image picture(ImagePreview preview) {
        WritableImage picture = new WritableImage(preview.width(), preview.height());
        picture.getPixelWriter()
                .setPixels(
                        0,
                        0,
                        preview.width(),
                        preview.height(),
                        PixelFormat.getByteRgbInstance(),
                        preview.rgb(),
                        0,
                        preview.width() * CHANNELS);
        return picture;
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}
