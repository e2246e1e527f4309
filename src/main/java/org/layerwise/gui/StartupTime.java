package org.layerwise.gui;

import java.lang.management.ManagementFactory;
import javafx.animation.AnimationTimer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs the time at which the window was first painted. {@code jlink/startup.sh} reads the time from the log. */
final class StartupTime extends AnimationTimer {

    private static final Logger LOG = LoggerFactory.getLogger(StartupTime.class);

    /**
     * Number of pulses to wait for. The first pulse lays out the window and passes it to the renderer, which finishes
     * before the second pulse ends.
     */
    private static final int PULSES = 3;

    private int pulses;

    @Override
    public void handle(long now) {
        pulses++;
        if (pulses == PULSES) {
            stop();
            // on another thread, because loading the classes of the MXBean takes time
            long painted = System.currentTimeMillis();
            Thread writer = new Thread(() -> write(painted), "startup-time");
            writer.setDaemon(true);
            writer.start();
        }
    }

    private static void write(long painted) {
        long started = ManagementFactory.getRuntimeMXBean().getStartTime();
        LOG.info("Window painted at {} ms, {} ms after the start of Java", painted, painted - started);
    }
}
