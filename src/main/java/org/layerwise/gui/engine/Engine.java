package org.layerwise.gui.engine;

import java.util.List;
import org.layerwise.base.Progress;
import org.layerwise.study.DataSettings;

/**
 * All that the window asks of the engine room. Every method blocks, so it is called from a task and never from the FX
 * thread. They throw {@link org.layerwise.base.UserException} for what a user can mend and
 * {@link org.layerwise.base.CancelledException} when the progress says so.
 */
public interface Engine extends AutoCloseable {

    /** Names of the devices that exist here, "cpu" first. */
    List<String> devices();

    /**
     * Loads a model.
     *
     * @param model a HuggingFace folder, or "sample"
     * @param device auto, cpu, or cuda[:i]
     */
    LoadedModel openModel(String model, String device, Progress progress);

    /** Reads the rows that an analysis with these settings would use. */
    DataPreview openData(DataSettings settings, Progress progress);

    @Override
    void close();
}
