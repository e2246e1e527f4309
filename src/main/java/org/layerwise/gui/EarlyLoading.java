package org.layerwise.gui;

import org.layerwise.gui.common.Messages;
import org.layerwise.gui.training.TrainingForm;
import org.slf4j.LoggerFactory;

/**
 * Loads on a thread of its own what the window needs later: the log, texts and settings, while the toolkit
 * starts. Nothing waits for it; what is needed earlier is loaded by the thread that needs it. It is no {@link
 * org.layerwise.base.EarlyStart}, which needs the log itself.
 */
public final class EarlyLoading {

    private EarlyLoading() {}

    /** Starts to load. */
    public static void begin() {
        Thread thread = new Thread(EarlyLoading::load, "early-loading");
        thread.setDaemon(true);
        thread.start();
    }

    private static void load() {
        LoggerFactory.getILoggerFactory();
        Messages.text("status.ready");
        new TrainingForm(); // with the settings of LoRA, training and data
    }
}
