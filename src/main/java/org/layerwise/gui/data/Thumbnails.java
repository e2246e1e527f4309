package org.layerwise.gui.data;

import java.io.ByteArrayInputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import javafx.scene.image.Image;
import org.layerwise.base.UserException;
import org.layerwise.data.image.ImageSource;
import org.layerwise.gui.tasks.Ui;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes small pictures of a dataset's images on a thread of its own and keeps those that were asked for last. */
public final class Thumbnails implements AutoCloseable {

    /** The longest side, in pixels of the screen. */
    static final int SIDE = 28;

    private static final Logger LOG = LoggerFactory.getLogger(Thumbnails.class);
    private static final int KEPT = 200;
    private static final int SHARPNESS = 2; // for screens with two dots a pixel

    private final Ui ui;
    private final ExecutorService worker = Executors.newSingleThreadExecutor(runnable -> {
        Thread thread = new Thread(runnable, "layerwise-thumbnails");
        thread.setDaemon(true);
        return thread;
    });
    // on the FX thread only
    private final Map<ImageSource, Image> known = new LinkedHashMap<>(KEPT, 0.75f, true);

    public Thumbnails(Ui ui) {
        this.ui = ui;
    }

    /**
     * Makes a small picture of an image; on the FX thread. An image that cannot be read has none: its name stands for it,
     * and the work that uses it says what is wrong.
     *
     * @param ready called on the FX thread, at once if the picture is known
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
            byte[] encoded = source.read(source.text());
            Image picture =
                    new Image(new ByteArrayInputStream(encoded), SIDE * SHARPNESS, SIDE * SHARPNESS, true, true);
            if (picture.isError()) {
                LOG.debug("No preview of {}", source.text(), picture.getException());
                return;
            }
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

    @Override
    public void close() {
        worker.shutdownNow();
    }
}
