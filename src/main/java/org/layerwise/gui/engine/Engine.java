package org.layerwise.gui.engine;

import java.nio.file.Path;
import java.util.List;
import org.layerwise.base.Pause;
import org.layerwise.base.Progress;
import org.layerwise.study.CachedModelCard;
import org.layerwise.study.DataSettings;
import org.layerwise.study.DownloadSize;
import org.layerwise.study.ModelSettings;

/**
 * All that the window asks of the engine room. Every method blocks, so it is called from a task and never from the FX
 * thread. They throw {@link org.layerwise.base.UserException} for what a user can mend and
 * {@link org.layerwise.base.CancelledException} when the progress says so.
 */
public interface Engine extends AutoCloseable {

    /** Names of the devices that exist here, "cpu" first. */
    List<String> devices();

    /**
     * Opens a model, after it was fetched from the hub if need be.
     *
     * @param pause holds up a download
     */
    LoadedModel openModel(ModelSettings settings, Pause pause, Progress progress);

    /** The models of the HuggingFace hub that are on this machine. */
    List<CachedModelCard> cachedModels();

    /**
     * Asks the hub what a download would fetch.
     *
     * @param model its name there, with {@code @revision} behind it where that is not main
     */
    DownloadSize downloadSize(String model, Progress progress);

    /**
     * Fetches a model from the hub, or goes on where it was stopped.
     *
     * @return its folder
     */
    Path download(String model, Pause pause, Progress progress);

    /** Reads the rows that an analysis with these settings would use. */
    DataPreview openData(DataSettings settings, Progress progress);

    @Override
    void close();
}
